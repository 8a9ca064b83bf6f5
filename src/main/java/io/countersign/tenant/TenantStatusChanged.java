package io.countersign.tenant;

import java.util.Optional;

/**
 * Published in the transaction that changes a tenant's status.
 *
 * @param tenant the tenant, with its new status
 * @param from its status before
 * @param reason the reason given with the change
 */
public record TenantStatusChanged(Tenant tenant, TenantStatus from, Optional<String> reason) {}
