package io.countersign.approval.web;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.api.FailedTry;
import io.countersign.approval.Approval;
import io.countersign.approval.ApprovalId;
import io.countersign.approval.ApprovalStatus;
import io.countersign.approval.CanonicalJson;
import io.countersign.approval.Decision;
import io.countersign.approval.DecisionKind;
import io.countersign.approval.EntityType;
import io.countersign.approval.FormerDecision;
import io.countersign.approval.Question;
import io.countersign.approval.Stage;
import io.countersign.approval.StageId;
import io.countersign.approval.StageStatus;
import io.countersign.approval.TeamScope;
import io.countersign.approval.WaitingPolicy;
import io.countersign.approval.requests.DecisionRights;
import io.countersign.approval.risk.Risk;
import io.countersign.identity.Permission;
import io.countersign.identity.Principal;
import io.countersign.identity.TeamId;
import io.countersign.identity.UserId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * An approval as clients see it (design, "Bodies"). The last three are null in lists: the risks, the people asked to
 * decide the open stage, and others who may.
 */
record ApprovalView(
        ApprovalId id,
        EntityType entityType,
        String entityId,
        String entityName,
        String action,
        String scopeType,
        String scope,
        ApprovalStatus status,
        String submitter,
        Principal.Kind submitterType,
        TeamId submitterTeam,
        Instant submittedAt,
        Instant closedAt,
        Instant releasedAt,
        Instant carriedOutAt,
        boolean stuck,
        String stuckReason,
        JsonNode content,
        String contentHash,
        String policyHash,
        boolean distinctApprovers,
        WaitingPolicy patience,
        String waitingFor,
        List<StageView> stages,
        List<QuestionView> questions,
        List<Risk> risks,
        List<UserId> asked,
        List<UserId> mayDecide,
        @JsonUnwrapped FailedTry.Fields failed) {

    /** A stage; {@code decided_by}, {@code decided_at} and {@code comment} are from its last decision. */
    record StageView(
            StageId id,
            int order,
            Permission requiredPermission,
            TeamScope teamScope,
            int minApprovers,
            StageStatus status,
            Instant openedAt,
            Instant remindedAt,
            Instant escalatedAt,
            UserId decidedBy,
            Instant decidedAt,
            String comment,
            List<DecisionView> decisions,
            List<FormerDecisionView> formerDecisions) {

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
                    stage.openedAt().orElse(null),
                    stage.remindedAt().orElse(null),
                    stage.escalatedAt().orElse(null),
                    last.map(Decision::decidedBy).orElse(null),
                    last.map(Decision::decidedAt).orElse(null),
                    last.map(Decision::comment).orElse(null),
                    stage.decisions().stream().map(DecisionView::of).toList(),
                    stage.former().stream().map(FormerDecisionView::of).toList());
        }
    }

    record DecisionView(
            DecisionKind decision,
            UserId decidedBy,
            UserId onBehalfOf,
            Instant decidedAt,
            String comment,
            boolean override,
            String origin) {

        static DecisionView of(Decision decision) {
            return new DecisionView(
                    decision.kind(),
                    decision.decidedBy(),
                    decision.onBehalfOf().orElse(null),
                    decision.decidedAt(),
                    decision.comment(),
                    decision.override(),
                    decision.origin());
        }
    }

    /** A decision that no longer stands; {@code ended_by} is null if no one took it back. */
    record FormerDecisionView(
            DecisionKind decision,
            UserId decidedBy,
            UserId onBehalfOf,
            Instant decidedAt,
            String comment,
            FormerDecision.End ended,
            Instant endedAt,
            UserId endedBy,
            String reason) {

        static FormerDecisionView of(FormerDecision former) {
            Decision decision = former.decision();
            return new FormerDecisionView(
                    decision.kind(),
                    decision.decidedBy(),
                    decision.onBehalfOf().orElse(null),
                    decision.decidedAt(),
                    decision.comment(),
                    former.end(),
                    former.endedAt(),
                    former.endedBy().orElse(null),
                    former.reason());
        }
    }

    /** A question to the submitter; {@code answer} is null while it is open, and if it was withdrawn. */
    record QuestionView(
            UUID id,
            int stage,
            UserId askedBy,
            UserId onBehalfOf,
            Instant askedAt,
            String question,
            Instant closedAt,
            UserId closedBy,
            String answer) {

        static QuestionView of(Approval approval, Question question) {
            return new QuestionView(
                    question.id(),
                    approval.stage(question.stage()).order(),
                    question.askedBy(),
                    question.onBehalfOf().orElse(null),
                    question.askedAt(),
                    question.text(),
                    question.closedAt().orElse(null),
                    question.closedBy().orElse(null),
                    question.answer().orElse(null));
        }
    }

    /** @return the approval as a list item */
    static ApprovalView of(Approval approval, Optional<FailedTry> failed) {
        return of(approval, null, null, failed);
    }

    static ApprovalView of(
            Approval approval, List<Risk> risks, DecisionRights.Deciders deciders, Optional<FailedTry> failed) {
        return new ApprovalView(
                approval.id(),
                approval.entityType(),
                approval.entityId(),
                approval.entityName(),
                approval.action(),
                approval.scope().type().wireName(),
                approval.scope().id(),
                approval.status(),
                approval.submitter().name(),
                approval.submitter().kind(),
                approval.submitterTeam().orElse(null),
                approval.submittedAt(),
                approval.closedAt().orElse(null),
                approval.releasedAt().orElse(null),
                approval.carriedOutAt().orElse(null),
                approval.stuckReason().isPresent(),
                approval.stuckReason().orElse(null),
                CanonicalJson.read(approval.content()),
                approval.contentHash(),
                approval.policyHash(),
                approval.distinctApprovers(),
                WaitingPolicy.NONE.equals(approval.waiting()) ? null : approval.waiting(),
                waitingFor(approval),
                approval.stages().stream().map(StageView::of).toList(),
                approval.questions().stream()
                        .map(question -> QuestionView.of(approval, question))
                        .toList(),
                risks,
                deciders == null ? null : deciders.asked(),
                deciders == null ? null : deciders.others(),
                FailedTry.fields(failed));
    }

    /** @return who a pending request waits for; null if it waits for no one */
    private static String waitingFor(Approval approval) {
        if (approval.status() != ApprovalStatus.PENDING) {
            return null;
        }
        return approval.openQuestion().isPresent() ? "submitter" : "approvers";
    }
}
