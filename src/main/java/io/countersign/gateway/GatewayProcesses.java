package io.countersign.gateway;

import io.countersign.approval.ApprovalId;
import java.util.UUID;

/** The engine, as far as this module needs it. Every call takes part in the current transaction, if there is one. */
public interface GatewayProcesses {

    /**
     * Starts {@code client-access}.
     *
     * @param name the client's name, for people who look into the engine
     */
    void startAccessChange(UUID client, String name);

    /**
     * Completes the user task "Deploy route" in the name of the signed-in person: the one door to deployment.
     *
     * @param process the instance of {@code route-change} that waits there
     * @throws io.countersign.api.problem.Problem if a rule refuses
     */
    void completeDeployTask(String process);

    /** Ends the instance of an attachment's request once the route's deployment has carried it out. */
    void settle(ApprovalId approval);
}
