package io.countersign.approval.deciding;

import io.countersign.api.problem.Conflict;
import io.countersign.api.problem.Forbidden;
import io.countersign.api.problem.Problem;
import io.countersign.approval.Approval;
import io.countersign.approval.ApprovalId;
import io.countersign.approval.Stage;
import io.countersign.approval.store.ApprovalStore;
import io.countersign.audit.AuditAction;
import io.countersign.audit.DeferredAudit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;

/**
 * Records in the trail who was refused a decision or its reversal, and by which rule, regardless of the client they
 * used.
 */
@Component
public class RefusedDecisions {

    private final ApprovalStore store;
    private final DeferredAudit deferred;

    RefusedDecisions(ApprovalStore store, DeferredAudit deferred) {
        this.store = store;
        this.deferred = deferred;
    }

    /** @return the stage that a user task decides; empty if it is the task of none */
    public Optional<Stage> stageOf(ApprovalId id, String taskId) {
        return store.find(id).flatMap(approval -> approval.stageOfTask(taskId));
    }

    /**
     * Records a refusal, see the other {@code note}.
     *
     * @param decided the stage that was to be decided; empty for the open one
     */
    public void note(ApprovalId id, Optional<Stage> decided, Problem refusal) {
        Approval approval = store.find(id).orElseThrow();
        decided.or(approval::openStage)
                .ifPresentOrElse(
                        stage -> note(approval, stage, refusal),
                        () -> note(AuditAction.REFUSE_DECISION, approval, refusal));
    }

    /**
     * Records a refusal after the current HTTP request ends, at most once in 15 minutes for the same refusal. Invalid
     * input is not recorded.
     *
     * @param stage the stage to decide
     * @param refusal why it was refused
     */
    public void note(Approval approval, Stage stage, Problem refusal) {
        note(AuditAction.REFUSE_DECISION, approval, Map.of("stage", stage.order()), refusal);
    }

    /**
     * Likewise records the refusal to end or reopen a request.
     *
     * @param action the refusal's name in the trail
     */
    public void note(AuditAction action, Approval approval, Problem refusal) {
        note(action, approval, Map.of(), refusal);
    }

    private void note(AuditAction action, Approval approval, Map<String, ?> more, Problem refusal) {
        if (refusal instanceof Forbidden || refusal instanceof Conflict) {
            Map<String, Object> details = new HashMap<>(more);
            details.put("approval_id", approval.id().toString());
            details.put("request", approval.action());
            details.put("code", refusal.code());
            deferred.record(new DeferredAudit.Entry(action, approval.auditSubject(), details, true));
        }
    }
}
