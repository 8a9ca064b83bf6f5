package io.countersign.approval.waiting;

import io.countersign.approval.Approval;
import io.countersign.approval.ApprovalEvent;
import io.countersign.approval.ApprovalId;
import io.countersign.approval.EscalationGroup;
import io.countersign.approval.Stage;
import io.countersign.approval.StageTasks;
import io.countersign.approval.store.ApprovalLedger;
import io.countersign.audit.AuditAction;
import io.countersign.audit.AuditTrail;
import io.countersign.identity.delegation.Delegations;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Checks requests that wait long: sends reminders, escalates, and reopens approvals that were not carried out in time.
 * Decides nothing. Each step is recorded with the request in the same transaction, so repeating it, or running it on
 * another node, has no effect.
 */
@Component
@Transactional(propagation = Propagation.MANDATORY)
public class OverdueSweep {

    private static final Logger log = LoggerFactory.getLogger(OverdueSweep.class);
    private static final int BATCH = 100;

    private final ApprovalLedger ledger;
    private final StageTasks tasks;
    private final StuckDetection stuckDetection;
    private final Reopenings reopenings;
    private final WaitingProperties properties;
    private final Delegations delegations;
    private final AuditTrail audit;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    OverdueSweep(
            ApprovalLedger ledger,
            StageTasks tasks,
            StuckDetection stuckDetection,
            Reopenings reopenings,
            WaitingProperties properties,
            Delegations delegations,
            AuditTrail audit,
            ApplicationEventPublisher events,
            Clock clock) {
        this.ledger = ledger;
        this.tasks = tasks;
        this.stuckDetection = stuckDetection;
        this.reopenings = reopenings;
        this.properties = properties;
        this.delegations = delegations;
        this.audit = audit;
        this.events = events;
        this.clock = clock;
    }

    /**
     * Handles what is due: at most a hundred requests, delegations that began or ended, and requests that a membership
     * change may have left stuck. Each has its own transaction, so one failure does not block the others.
     */
    public void run() {
        try {
            tasks.apart(delegations::noteWhatBeganOrEnded);
        } catch (RuntimeException e) {
            log.warn("delegations that began or ended are not noted yet", e);
        }
        stuckDetection.assessLeftOvers();
        List<ApprovalId> due = ledger.due(clock.instant(), BATCH);
        long attended = due.stream().filter(this::attend).count();
        if (attended > 0) {
            log.info("standing requests attended to count={}", attended);
        }
    }

    /** @return whether it succeeded; otherwise the request comes last next time */
    private boolean attend(ApprovalId id) {
        try {
            tasks.apart(() -> {
                Instant now = clock.instant();
                if (ledger.lockDue(id, now)) {
                    attend(ledger.lock(id), now);
                }
            });
            return true;
        } catch (RuntimeException e) {
            log.warn("standing request not attended to, tried again approval={}", id, e);
            tasks.apart(
                    () -> ledger.setAttention(id, Optional.of(clock.instant().plus(properties.interval()))));
            return false;
        }
    }

    private void attend(Approval approval, Instant now) {
        Optional<Instant> next = switch (approval.status()) {
            case PENDING -> approval.openStage().flatMap(stage -> attendOpen(approval, stage, now));
            case APPROVED -> approval.lapsed(now) ? lapse(approval, now) : approval.validUntil();
            case REJECTED, CANCELLED -> Optional.empty();
        };
        ledger.setAttention(approval.id(), next);
    }

    /** @return when to look again */
    private Optional<Instant> attendOpen(Approval approval, Stage stage, Instant now) {
        if (due(approval.escalationDue(), now)) {
            escalate(approval, stage, now);
        }
        if (due(properties.reminderDue(approval), now)) {
            ledger.markReminded(approval.id(), stage.id(), now);
            events.publishEvent(new ApprovalEvent.Reminded(approval.id(), now));
        }
        return properties.nextAttention(ledger.lock(approval.id()));
    }

    private static boolean due(Optional<Instant> at, Instant now) {
        return at.filter(due -> !due.isAfter(now)).isPresent();
    }

    private void escalate(Approval approval, Stage stage, Instant now) {
        EscalationGroup group = approval.waiting().group().orElseThrow();
        ledger.markEscalated(approval.id(), stage.id(), now);
        stage.taskId().ifPresent(task -> tasks.addCandidates(task, group.engineGroup(approval.scope())));
        record(approval, AuditAction.ESCALATE, Map.of("stage", stage.order(), "group", group.toString()));
        events.publishEvent(new ApprovalEvent.StageEscalated(approval.id(), now));
        ledger.find(approval.id()).ifPresent(stuckDetection::assess);
    }

    /** @return when to look at the request first, which is pending again */
    private Optional<Instant> lapse(Approval approval, Instant now) {
        Optional<Instant> attention = reopenings.lapse(approval, now);
        tasks.startAgain(approval.id(), approval.entityName());
        return attention;
    }

    private void record(Approval approval, AuditAction action, Map<String, ?> more) {
        Map<String, Object> details = new HashMap<>(more);
        details.put("approval_id", approval.id());
        details.put("request", approval.action());
        audit.record(action, approval.auditSubject(), details);
    }
}
