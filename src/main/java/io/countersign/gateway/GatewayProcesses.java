package io.countersign.gateway;

import io.countersign.approval.ApprovalId;
import java.util.UUID;

/** The engine, as far as this module needs it. Every call takes part in the current transaction, if there is one. */
public interface GatewayProcesses {

    /**
     * Starts {@code route-change}.
     *
     * @param name the route's full name, for people who look into the engine
     * @return the process instance
     */
    String startRouteChange(UUID route, String name, ApprovalId approval);

    /**
     * Starts {@code attachment-change}.
     *
     * @param name the names of route and client, for people who look into the engine
     * @return the process instance
     */
    String startAttachmentChange(UUID attachment, String name, ApprovalId approval);

    /**
     * Starts {@code route-deployment}.
     *
     * @param name the route's full name, for people who look into the engine
     * @return the process instance
     */
    String startDeployment(UUID route, String name);

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

    /**
     * Ends the instance of an approved request that was cancelled before it was deployed.
     *
     * @return whether it ran; not if an administrator ended it
     */
    boolean withdraw(ApprovalId approval);

    /** Ends the instance of an attachment's request once the route's deployment has carried it out. */
    void settle(ApprovalId approval);

    /** How a route's deployment is doing. */
    enum Progress {
        /** There is none. */
        NONE,
        /** It goes on by itself, or waits for the end of a freeze window. */
        UNDER_WAY,
        /** It failed for the last time. */
        GAVE_UP
    }

    /** @return how the deployment of a route is doing */
    Progress deployment(UUID route);

    /** Lets a deployment that gave up go on at once. */
    void retryDeployment(UUID route);

    /** Gives up a deployment; one that has ended already is no failure. */
    void endDeployment(UUID route, String reason);
}
