package io.countersign.approval.ledger;

import io.countersign.api.Conflict;
import io.countersign.api.Forbidden;
import io.countersign.api.InvalidInput;
import io.countersign.api.Problem;
import io.countersign.approval.Approval;
import io.countersign.approval.ApprovalClosed;
import io.countersign.approval.ApprovalId;
import io.countersign.approval.ApprovalRules;
import io.countersign.approval.ApprovalStatus;
import io.countersign.approval.ApprovalStuck;
import io.countersign.approval.Decision;
import io.countersign.approval.DecisionKind;
import io.countersign.approval.Stage;
import io.countersign.approval.StageDecided;
import io.countersign.approval.StageOpened;
import io.countersign.approval.StageStatus;
import io.countersign.approval.Verdict;
import io.countersign.audit.AuditTrail;
import io.countersign.audit.Difference;
import io.countersign.audit.Origin;
import io.countersign.identity.MembershipChanged;
import io.countersign.identity.Memberships;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Applies the rules and records what follows from them. Called by the user task's listener, and by nothing else. */
@Component
@Transactional(propagation = Propagation.MANDATORY)
public class DecisionRecorder {

    private static final int MAX_COMMENT_LENGTH = 2000;

    private final ApprovalLedger ledger;
    private final Memberships memberships;
    private final AuditTrail audit;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    DecisionRecorder(
            ApprovalLedger ledger,
            Memberships memberships,
            AuditTrail audit,
            ApplicationEventPublisher events,
            Clock clock) {
        this.ledger = ledger;
        this.memberships = memberships;
        this.audit = audit;
        this.events = events;
        this.clock = clock;
    }

    /**
     * Notes that a stage's user task was created.
     *
     * @param order the stage's place, from 1
     * @param taskId the task
     * @param processInstanceId the process instance that the task belongs to
     */
    public void stageOpened(ApprovalId id, int order, String taskId, String processInstanceId) {
        Approval approval = ledger.lock(id);
        Stage stage = approval.stage(order);
        ledger.open(stage.id(), taskId, processInstanceId);
        assessStuckness(approval);
        if (stage.decisions().isEmpty()) {
            events.publishEvent(new StageOpened(id, order));
        }
    }

    /**
     * Records a decision, if the rules allow it.
     *
     * @param order the stage that the completed task belongs to, from 1
     * @param person who decides
     * @param kind approve or reject
     * @param comment needed for a rejection and for an override
     * @param seenHash the content hash that the person was shown, if the client names it
     * @throws Forbidden if a rule about the person refuses
     * @throws Conflict if the request's state refuses, or if its content is not what the person was shown
     * @throws InvalidInput if a needed comment is missing or one is too long
     */
    public void decide(
            ApprovalId id, int order, UserId person, DecisionKind kind, String comment, Optional<String> seenHash) {
        Approval approval = ledger.lock(id);
        Stage stage = approval.stage(order);
        boolean override = judge(approval, stage, person);
        if (seenHash.isPresent() && !seenHash.get().equals(approval.contentHash())) {
            throw new Conflict("content_changed", "The request is not what you were shown. Look at it again.");
        }
        boolean silent = comment == null || comment.isBlank();
        if (silent && (kind == DecisionKind.REJECT || override)) {
            throw new InvalidInput("comment", "must give the reason");
        }
        if (!silent && comment.length() > MAX_COMMENT_LENGTH) {
            throw new InvalidInput("comment", "must have at most " + MAX_COMMENT_LENGTH + " characters");
        }
        Instant now = clock.instant();
        Decision decision = new Decision(
                kind,
                person,
                now,
                silent ? null : comment.strip(),
                override,
                Origin.current().wireName());
        ledger.insertDecision(stage.id(), decision);
        ApprovalStatus outcome = close(approval, stage, kind, now);
        audit(approval, stage, kind, silent ? null : comment.strip(), override);
        events.publishEvent(new StageDecided(approval, decision, outcome));
        ledger.find(id).filter(a -> a.status() == ApprovalStatus.PENDING).ifPresent(this::assessStuckness);
    }

    /** Finds approvals that became stuck, or are no longer, when people come, go or change roles. */
    @EventListener
    public void membershipChanged(MembershipChanged change) {
        ledger.pendingIn(change.scope()).forEach(approval -> assessStuckness(ledger.lock(approval.id())));
    }

    /** @return whether the decision is an override; never returns if the rules refuse */
    private boolean judge(Approval approval, Stage stage, UserId person) {
        Verdict verdict = ApprovalRules.mayDecide(approval, stage, person, memberships.find(person, approval.scope()));
        if (verdict.allowed()) {
            return false;
        }
        if (approval.stuckReason().isPresent()) {
            Optional<io.countersign.identity.Membership> onPlatform = memberships.find(person, Scope.PLATFORM);
            if (onPlatform.isPresent()) {
                Verdict override = ApprovalRules.mayOverride(approval, stage, person, onPlatform);
                if (override.allowed()) {
                    return true;
                }
                throw refusal(override);
            }
        }
        throw refusal(verdict);
    }

    /** @return what the request is now */
    private ApprovalStatus close(Approval approval, Stage stage, DecisionKind kind, Instant now) {
        if (kind == DecisionKind.REJECT) {
            ledger.closeStage(stage.id(), StageStatus.REJECTED);
            ledger.close(approval.id(), ApprovalStatus.REJECTED, now);
            events.publishEvent(new ApprovalClosed(approval.id(), ApprovalStatus.REJECTED));
            return ApprovalStatus.REJECTED;
        }
        if (stage.approversMissing() == 1) {
            ledger.closeStage(stage.id(), StageStatus.APPROVED);
            boolean last = stage.order() == approval.stages().size();
            if (last) {
                ledger.close(approval.id(), ApprovalStatus.APPROVED, now);
                events.publishEvent(new ApprovalClosed(approval.id(), ApprovalStatus.APPROVED));
                return ApprovalStatus.APPROVED;
            }
        }
        return ApprovalStatus.PENDING;
    }

    private void audit(Approval approval, Stage stage, DecisionKind kind, String comment, boolean override) {
        Map<String, Object> details = new HashMap<>();
        details.put("approval_id", approval.id());
        details.put("request", approval.action());
        details.put("stage", stage.order());
        details.put("content_hash", approval.contentHash());
        details.put("override", override);
        if (comment != null) {
            details.put("comment", comment);
        }
        audit.record(
                kind.wireName(),
                approval.entityType().wireName(),
                approval.entityId(),
                approval.entityName(),
                approval.scope().toString(),
                details,
                difference(approval, stage, kind));
    }

    /** What a decision changes, told of the request and of its stage. */
    private static Difference difference(Approval approval, Stage stage, DecisionKind kind) {
        boolean stageCloses = kind == DecisionKind.REJECT || stage.approversMissing() == 1;
        boolean requestCloses = kind == DecisionKind.REJECT
                || stageCloses && stage.order() == approval.stages().size();
        boolean rejected = kind == DecisionKind.REJECT;
        Map<String, Object> after = new HashMap<>();
        after.put(
                "stage_status", !stageCloses ? stage.status() : rejected ? StageStatus.REJECTED : StageStatus.APPROVED);
        after.put(
                "status",
                !requestCloses ? approval.status() : rejected ? ApprovalStatus.REJECTED : ApprovalStatus.APPROVED);
        after.put("decisions", stage.decisions().size() + 1);
        return new Difference(
                Map.of(
                        "stage_status",
                        stage.status(),
                        "status",
                        approval.status(),
                        "decisions",
                        stage.decisions().size()),
                after);
    }

    private void assessStuckness(Approval approval) {
        approval.openStage().ifPresent(stage -> {
            Optional<String> reason = ApprovalRules.stuckReason(approval, stage, memberships.in(approval.scope()));
            if (!reason.equals(approval.stuckReason())) {
                ledger.setStuckReason(approval.id(), reason);
                reason.ifPresent(why -> events.publishEvent(new ApprovalStuck(approval.id(), why)));
            }
        });
    }

    /** @return the problem to answer a refusal with: 403 if it is about the person, 409 if about the state */
    public static Problem refusal(Verdict verdict) {
        String code = verdict.refusal().orElseThrow().code();
        return verdict.refusal().orElseThrow().aboutPerson()
                ? new Forbidden(code, verdict.explanation())
                : new Conflict(code, verdict.explanation());
    }
}
