package io.countersign.approval.ledger;

import io.countersign.approval.ApprovalId;
import io.countersign.approval.DecisionKind;
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
     * @throws io.countersign.api.Problem if the rules refuse
     */
    void complete(String taskId, DecisionKind kind, String comment, Optional<String> seenHash);

    /**
     * Ends the stages of an approval whose cancellation is recorded.
     *
     * @throws org.springframework.dao.OptimisticLockingFailureException if a job of the same process came in between,
     *     so that the caller's transaction must be repeated
     */
    void cancel(ApprovalId approval);
}
