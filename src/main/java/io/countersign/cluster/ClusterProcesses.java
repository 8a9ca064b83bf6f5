package io.countersign.cluster;

import io.countersign.approval.ApprovalId;
import java.util.UUID;

/** The engine, as far as clusters need it. Every call takes part in the current transaction. */
public interface ClusterProcesses {

    /**
     * Starts {@code cluster-approval}.
     *
     * @param name the cluster's name, for people who look into the engine
     * @return the process instance
     */
    String startRequest(UUID cluster, String name, ApprovalId approval);

    /**
     * Starts {@code cluster-provisioning} for a change that was begun, and whose process is gone.
     *
     * @param name the cluster's name, for people who look into the engine
     * @return the process instance
     */
    String startAgain(UUID cluster, String name);

    /**
     * Lets a process go on whose job gave up.
     *
     * @return false if there is no such process any more
     */
    boolean retry(String processInstanceId);

    /**
     * Ends the instance of an approved request that was cancelled before anything was provisioned.
     *
     * @return whether it ran; not if an administrator ended it
     */
    boolean withdraw(ApprovalId approval);

    /** Ends a process; one that has ended already is no failure. */
    void end(String processInstanceId, String reason);
}
