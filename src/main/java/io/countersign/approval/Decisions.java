package io.countersign.approval;

import io.countersign.api.Conflict;
import io.countersign.api.Forbidden;
import io.countersign.api.InvalidInput;
import io.countersign.api.NotFound;
import io.countersign.approval.ledger.DecisionRecorder;
import io.countersign.approval.ledger.StageTasks;
import io.countersign.identity.CurrentUser;
import io.countersign.identity.UserId;
import java.util.Optional;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.stereotype.Component;

/**
 * Takes decisions of the signed-in person from our own clients to the one door: completing the stage's user task. Holds
 * no rule and no transaction; the engine's command has its own and is repeated if it meets another one.
 */
@Component
public class Decisions {

    /** How often a cancellation is tried that meets a job of the same process. */
    private static final int TRIES = 3;

    private final Approvals approvals;
    private final StageTasks tasks;

    Decisions(Approvals approvals, StageTasks tasks) {
        this.approvals = approvals;
        this.tasks = tasks;
    }

    /**
     * Decides a stage.
     *
     * @param stageId a stage of the approval
     * @param comment the reason; needed for a rejection and an override
     * @param seenHash the content hash that the person was shown, if the client names it
     * @return the approval after the decision
     * @throws Forbidden with the rule's code if a rule about the person refuses
     * @throws Conflict with the rule's code if the request's state refuses
     * @throws InvalidInput if a needed comment is missing
     * @throws NotFound if there is no such approval or stage that the person may see
     */
    public Approval decide(
            ApprovalId id, StageId stageId, DecisionKind kind, String comment, Optional<String> seenHash) {
        UserId person = CurrentUser.get();
        Approval approval = approvals.getVisible(person, id);
        Stage stage = approval.stage(stageId);
        Optional<String> task = stage.taskId();
        if (task.isEmpty()) {
            throw DecisionRecorder.refusal(approvals.verdict(approval, stage, person));
        }
        tasks.complete(task.get(), kind, comment, seenHash);
        return approvals.get(id);
    }

    /**
     * Decides the open stage of a stuck approval, as a superadmin.
     *
     * @param reason why the rules are overridden; never blank
     * @return the approval after the decision
     * @throws Forbidden with the rule's code if the person may not override
     * @throws Conflict with {@code not_stuck} if somebody could decide, or another state refuses
     * @throws InvalidInput if the reason is missing
     */
    public Approval override(ApprovalId id, DecisionKind kind, String reason) {
        UserId person = CurrentUser.get();
        Approval approval = approvals.getVisible(person, id);
        Verdict verdict = approvals.overrideVerdict(approval, person);
        if (!verdict.allowed()) {
            throw DecisionRecorder.refusal(verdict);
        }
        if (reason == null || reason.isBlank()) {
            throw new InvalidInput("reason", "must say why the rules are overridden");
        }
        tasks.complete(approval.openStage().orElseThrow().taskId().orElseThrow(), kind, reason, Optional.empty());
        return approvals.get(id);
    }

    /**
     * Cancels a request that is pending, or approved and not yet carried out.
     *
     * @return the approval after the cancellation
     * @throws NotFound if there is no such approval that the person may see
     * @throws Forbidden with {@code missing_permission} unless they are its submitter, an owner or an admin
     * @throws Conflict with {@code wrong_state} if it is rejected, cancelled or carried out already
     */
    public Approval cancel(ApprovalId id) {
        UserId person = CurrentUser.get();
        for (int attempt = 1; ; attempt++) {
            try {
                return approvals.cancel(person, id);
            } catch (ConcurrencyFailureException e) {
                if (attempt == TRIES) {
                    throw e;
                }
            }
        }
    }
}
