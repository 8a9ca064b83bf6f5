package io.countersign.change;

import io.countersign.approval.ApprovalId;
import io.countersign.approval.EntityType;
import java.util.UUID;

/** The engine, as far as changes need it. Every call takes part in the current transaction. */
public interface ChangeProcesses {

    /** How the carrying out of a change is doing. */
    enum State {
        /** There is no process. */
        NONE,
        /** It goes on by itself, or waits for the end of a freeze window. */
        UNDER_WAY,
        /** It failed for the last time. */
        GAVE_UP
    }

    /**
     * Starts the process of a request.
     *
     * @param name what people who look into the engine know the subject by
     * @return the process instance
     */
    String start(RequestProcess process, UUID subject, String name, ApprovalId approval);

    /**
     * Starts {@code carry-out} for a change that was released, and whose process is gone.
     *
     * @param name what people who look into the engine know the subject by
     * @return the process instance
     */
    String carryOut(EntityType kind, UUID subject, String name);

    /**
     * @param process the root process of a change
     * @return how its carrying out is doing
     */
    State state(String process);

    /**
     * Lets the carrying out of a change go on whose job gave up.
     *
     * @param process the root process of the change
     * @return false if there is no such process any more
     */
    boolean retry(String process);

    /**
     * Ends the instance of an approved request that was cancelled before anything was written.
     *
     * @return whether it ran; not if an administrator ended it
     */
    boolean withdraw(ApprovalId approval);

    /** Ends the root process of a change; one that has ended already is no failure. */
    void end(String process, String reason);
}
