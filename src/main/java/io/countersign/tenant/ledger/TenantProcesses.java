package io.countersign.tenant.ledger;

import io.countersign.tenant.Tenant;
import io.countersign.tenant.TenantEvent;
import java.util.Optional;

/** The engine, as far as tenants need it. */
public interface TenantProcesses {

    /** Starts the lifecycle of a tenant, in the current transaction. */
    void start(Tenant tenant);

    /**
     * Sends a tenant's lifecycle the message that asks for a transition. The task behind the message applies the rules
     * and records the transition in the name of the signed-in person.
     *
     * @param event suspend or reactivate
     * @param reason what the person said
     * @return whether the lifecycle was waiting for the message
     * @throws io.countersign.api.Problem if the rules refuse
     */
    boolean send(Tenant tenant, TenantEvent event, Optional<String> reason);
}
