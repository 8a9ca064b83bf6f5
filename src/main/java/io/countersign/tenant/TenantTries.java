package io.countersign.tenant;

import io.countersign.api.FailedTry;
import io.countersign.change.FailedTries;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Finds the tenants whose contact or orchestrator could not be notified of a status yet. */
@Component
public class TenantTries {

    private final JdbcClient jdbc;
    private final FailedTries tries;

    TenantTries(JdbcClient jdbc, FailedTries tries) {
        this.jdbc = jdbc;
        this.tries = tries;
    }

    /** @return the last failed attempt to notify about each of these, by their ids */
    public Map<RegistrationId, FailedTry> of(Collection<Tenant> tenants) {
        Map<UUID, RegistrationId> notices = new HashMap<>();
        jdbc.sql("select id, tenant from tenant_notices where status = 'queued' and tenant = any (?)")
                .param(tenants.stream().map(tenant -> tenant.id().value()).toArray(UUID[]::new))
                .query((row, n) -> notices.put(
                        row.getObject("id", UUID.class), new RegistrationId(row.getObject("tenant", UUID.class))))
                .list();
        Map<RegistrationId, FailedTry> failed = new HashMap<>();
        tries.of(notices.keySet()).forEach((notice, tried) -> failed.put(notices.get(notice), tried));
        return failed;
    }

    /** @return the last attempt to notify about a tenant, if it failed */
    public Optional<FailedTry> of(Tenant tenant) {
        return Optional.ofNullable(of(List.of(tenant)).get(tenant.id()));
    }
}
