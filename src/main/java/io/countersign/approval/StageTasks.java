package io.countersign.approval;

import java.util.Optional;

/** The engine, as far as approvals need it. */
public interface StageTasks {

    /**
     * Completes a stage's user task on behalf of the signed-in person: the one door. The task's listener applies the
     * rules and records the decision.
     *
     * @param taskId the open stage's task
     * @param kind what was decided
     * @param comment what the person said, possibly null
     * @param seenHash the content hash that the person was shown, if the client names it
     * @throws io.countersign.api.problem.Problem if the rules refuse
     * @throws org.springframework.dao.OptimisticLockingFailureException if somebody else touched the task at the same
     *     moment, so that the caller's transaction must be repeated
     */
    void complete(String taskId, DecisionKind kind, String comment, Optional<String> seenHash);

    /**
     * Completes the submitter's user task "Answer question" on behalf of the signed-in person. The task's listener
     * records the answer, or the withdrawal of the question if somebody else completes it who may.
     *
     * @param taskId the open question's task
     * @param answer what the submitter said; null for a withdrawal
     * @throws io.countersign.api.problem.Problem if the rules refuse
     * @throws org.springframework.dao.OptimisticLockingFailureException if somebody else touched the task at the same
     *     moment, so that the caller's transaction must be repeated
     */
    void answer(String taskId, String answer);

    /**
     * Hands the open stage back to the submitter with a question, through the same door as a decision.
     *
     * @param taskId the open stage's task
     * @param question what the signed-in person wants to know
     * @throws io.countersign.api.problem.Problem if the rules refuse
     * @throws org.springframework.dao.OptimisticLockingFailureException if somebody else touched the task at the same
     *     moment, so that the caller's transaction must be repeated
     */
    void ask(String taskId, String question);

    /**
     * Lets the stages of a pending approval begin anew with the first that is not approved, as is recorded already.
     *
     * @throws io.countersign.api.problem.Conflict with {@code wrong_state} if they do not run
     * @throws org.springframework.dao.OptimisticLockingFailureException if a job of the same process came in between,
     *     so that the caller's transaction must be repeated
     */
    void reopen(ApprovalId approval);

    /** Shows an open stage's task to a further group. */
    void addCandidates(String taskId, String group);

    /**
     * Does something in a transaction of its own, also while a job of the engine has one under way; the engine's part
     * of it is written or undone together with ours.
     */
    void apart(Runnable deed);

    /**
     * Runs the stages of an approval once more that was given and is pending again, as is recorded already: in its own
     * process, which goes back to them from wherever it is, or apart from it if there is none.
     *
     * @throws org.springframework.dao.OptimisticLockingFailureException if a job of the same process came in between,
     *     so that the caller's transaction must be repeated
     */
    void startAgain(ApprovalId approval, String businessKey);

    /**
     * Ends the stages of an approval whose cancellation is recorded.
     *
     * @return whether they ran; not if an administrator ended their process
     * @throws org.springframework.dao.OptimisticLockingFailureException if a job of the same process came in between,
     *     so that the caller's transaction must be repeated
     */
    boolean cancel(ApprovalId approval);
}
