package io.countersign.change;

import io.countersign.approval.ApprovalId;
import io.countersign.approval.EntityType;
import java.util.UUID;

/** The engine, as far as changes need it. Every call takes part in the current transaction. */
public interface ChangeProcesses {

    /** The state of the process that carries out a change. */
    enum State {
        /** There is no process. */
        NONE,
        /** It continues by itself, or waits for the end of a freeze window. */
        UNDER_WAY,
        /** It failed permanently. */
        GAVE_UP
    }

    /**
     * Starts the process of a request.
     *
     * @param name the subject's display name in the engine
     * @return the process instance
     */
    String start(RequestProcess process, UUID subject, String name, ApprovalId approval);

    /**
     * Starts {@code carry-out} for a released change whose process is gone.
     *
     * @param name the subject's display name in the engine
     * @return the process instance
     */
    String carryOut(EntityType kind, UUID subject, String name);

    /**
     * @param process the root process of a change
     * @return the state of its carrying out
     */
    State state(String process);

    /**
     * Resumes carrying out a change whose job gave up.
     *
     * @param process the root process of the change
     * @return false if there is no such process any more
     */
    boolean retry(String process);

    /**
     * Ends the instance of an approved request that was cancelled before anything was written.
     *
     * @return whether it was running; false if an administrator ended it
     */
    boolean withdraw(ApprovalId approval);

    /** Ends the root process of a change. Does nothing if it has already ended. */
    void end(String process, String reason);
}
