package io.countersign.gateway;

import io.countersign.approval.ApprovalId;
import java.util.UUID;

/** The engine, as far as this module needs it. Every call joins the current transaction, if there is one. */
public interface GatewayProcesses {

    /**
     * Starts {@code client-access}.
     *
     * @param name the client's display name in the engine
     */
    void startAccessChange(UUID client, String name);

    /**
     * Completes the user task "Deploy route" on behalf of the signed-in person: the only way to deploy.
     *
     * @param process the instance of {@code route-change} that waits at the task
     * @throws io.countersign.api.problem.Problem if a rule refuses
     */
    void completeDeployTask(String process);

    /** Ends the instance of an attachment's request once the route's deployment has carried it out. */
    void settle(ApprovalId approval);
}
