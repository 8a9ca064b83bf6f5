package io.countersign.approval;

import java.util.Optional;

/** The engine, as far as approvals need it. */
public interface StageTasks {

    /**
     * Completes a stage's user task on behalf of the signed-in person: the only way to decide. The task's listener
     * applies the rules and records the decision.
     *
     * @param taskId the open stage's task
     * @param kind the decision
     * @param comment the person's comment, possibly null
     * @param seenHash the content hash that the person was shown, if the client names it
     * @throws io.countersign.api.problem.Problem if the rules refuse
     * @throws org.springframework.dao.OptimisticLockingFailureException on concurrent modification of the task; the
     *     caller must retry its transaction
     */
    void complete(String taskId, DecisionKind kind, String comment, Optional<String> seenHash);

    /**
     * Completes the submitter's user task "Answer question" on behalf of the signed-in person. The task's listener
     * records the answer, or the withdrawal of the question if another permitted person completes it.
     *
     * @param taskId the open question's task
     * @param answer the submitter's answer; null for a withdrawal
     * @throws io.countersign.api.problem.Problem if the rules refuse
     * @throws org.springframework.dao.OptimisticLockingFailureException on concurrent modification of the task; the
     *     caller must retry its transaction
     */
    void answer(String taskId, String answer);

    /**
     * Hands the open stage back to the submitter with a question, in the same way as a decision.
     *
     * @param taskId the open stage's task
     * @param question the signed-in person's question
     * @throws io.countersign.api.problem.Problem if the rules refuse
     * @throws org.springframework.dao.OptimisticLockingFailureException on concurrent modification of the task; the
     *     caller must retry its transaction
     */
    void ask(String taskId, String question);

    /**
     * Restarts the stages of a pending approval at the first one that is not approved, as already recorded.
     *
     * @throws io.countersign.api.problem.Conflict with {@code wrong_state} if they are not running
     * @throws org.springframework.dao.OptimisticLockingFailureException if a job of the same process interfered; the
     *     caller must retry its transaction
     */
    void reopen(ApprovalId approval);

    /** Shows an open stage's task to a further group. */
    void addCandidates(String taskId, String group);

    /**
     * Runs an action in a separate transaction, even within an engine job's transaction; the engine's writes commit or
     * roll back together with ours.
     */
    void apart(Runnable deed);

    /**
     * Reruns the stages of an approval that was given and is pending again, as already recorded: in its own process,
     * which returns to them from wherever it is, or separately if there is none.
     *
     * @throws org.springframework.dao.OptimisticLockingFailureException if a job of the same process interfered; the
     *     caller must retry its transaction
     */
    void startAgain(ApprovalId approval, String businessKey);

    /**
     * Ends the stages of an approval whose cancellation is recorded.
     *
     * @return whether they were running; false if an administrator ended their process
     * @throws org.springframework.dao.OptimisticLockingFailureException if a job of the same process interfered; the
     *     caller must retry its transaction
     */
    boolean cancel(ApprovalId approval);
}
