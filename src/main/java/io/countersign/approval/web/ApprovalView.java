package io.countersign.approval.web;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.approval.Approval;
import io.countersign.approval.ApprovalId;
import io.countersign.approval.ApprovalStatus;
import io.countersign.approval.CanonicalJson;
import io.countersign.approval.Decision;
import io.countersign.approval.DecisionKind;
import io.countersign.approval.EntityType;
import io.countersign.approval.Stage;
import io.countersign.approval.StageId;
import io.countersign.approval.StageStatus;
import io.countersign.approval.TeamScope;
import io.countersign.identity.Permission;
import io.countersign.identity.TeamId;
import io.countersign.identity.UserId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** An approval as clients see it (design, "Bodies"). */
record ApprovalView(
        ApprovalId id,
        EntityType entityType,
        String entityId,
        String entityName,
        String action,
        String scopeType,
        String scope,
        ApprovalStatus status,
        UserId submitter,
        TeamId submitterTeam,
        Instant submittedAt,
        Instant closedAt,
        Instant carriedOutAt,
        boolean stuck,
        String stuckReason,
        JsonNode content,
        String contentHash,
        String policyHash,
        boolean distinctApprovers,
        List<StageView> stages) {

    /** A stage; {@code decided_by}, {@code decided_at} and {@code comment} are those of its last decision. */
    record StageView(
            StageId id,
            int order,
            Permission requiredPermission,
            TeamScope teamScope,
            int minApprovers,
            StageStatus status,
            UserId decidedBy,
            Instant decidedAt,
            String comment,
            List<DecisionView> decisions) {

        static StageView of(Stage stage) {
            Optional<Decision> last = stage.decisions().isEmpty()
                    ? Optional.empty()
                    : Optional.of(stage.decisions().get(stage.decisions().size() - 1));
            return new StageView(
                    stage.id(),
                    stage.order(),
                    stage.requiredPermission(),
                    stage.teamScope(),
                    stage.minApprovers(),
                    stage.status(),
                    last.map(Decision::decidedBy).orElse(null),
                    last.map(Decision::decidedAt).orElse(null),
                    last.map(Decision::comment).orElse(null),
                    stage.decisions().stream().map(DecisionView::of).toList());
        }
    }

    record DecisionView(
            DecisionKind decision,
            UserId decidedBy,
            Instant decidedAt,
            String comment,
            boolean override,
            String origin) {

        static DecisionView of(Decision decision) {
            return new DecisionView(
                    decision.kind(),
                    decision.decidedBy(),
                    decision.decidedAt(),
                    decision.comment(),
                    decision.override(),
                    decision.origin());
        }
    }

    static ApprovalView of(Approval approval) {
        return new ApprovalView(
                approval.id(),
                approval.entityType(),
                approval.entityId(),
                approval.entityName(),
                approval.action(),
                approval.scope().type().wireName(),
                approval.scope().id(),
                approval.status(),
                approval.submitter(),
                approval.submitterTeam().orElse(null),
                approval.submittedAt(),
                approval.closedAt().orElse(null),
                approval.carriedOutAt().orElse(null),
                approval.stuckReason().isPresent(),
                approval.stuckReason().orElse(null),
                CanonicalJson.read(approval.content()),
                approval.contentHash(),
                approval.policyHash(),
                approval.distinctApprovers(),
                approval.stages().stream().map(StageView::of).toList());
    }
}
