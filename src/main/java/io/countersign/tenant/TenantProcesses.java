package io.countersign.tenant;

import java.util.Optional;

/** The engine, as far as tenants need it. */
public interface TenantProcesses {

    /** Starts the lifecycle of a tenant, in the current transaction. */
    void start(Tenant tenant);

    /**
     * Sends a tenant's lifecycle the message that asks for a transition. The task behind the message applies the rules
     * and records the transition on behalf of the signed-in person.
     *
     * @param event suspend or reactivate
     * @param reason the person's reason
     * @return whether the lifecycle was waiting for the message
     * @throws io.countersign.api.problem.Problem if the rules refuse
     */
    boolean send(Tenant tenant, TenantEvent event, Optional<String> reason);

    /**
     * Starts a new instance of a tenant's lifecycle, at the point where it waits for the message, if an administrator
     * ended the old one. Changes nothing else: the message still has to be sent.
     *
     * @param event suspend or reactivate
     * @return the new instance, started in the current transaction; empty if the tenant's instance is running
     */
    Optional<String> startAgain(Tenant tenant, TenantEvent event);
}
