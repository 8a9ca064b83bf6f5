package io.countersign.approval.waiting;

import io.countersign.approval.Approval;
import io.countersign.approval.ApprovalId;
import io.countersign.approval.EscalationGroup;
import io.countersign.approval.Stage;
import io.countersign.approval.StageTasks;
import io.countersign.approval.store.ApprovalQueries;
import io.countersign.approval.store.ApprovalStore;
import io.countersign.approval.store.ApprovalWriter;
import io.countersign.audit.AuditAction;
import io.countersign.audit.Difference;
import io.countersign.identity.delegation.Delegations;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
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

    private final ApprovalStore store;
    private final ApprovalQueries queries;
    private final ApprovalWriter writer;
    private final StageTasks tasks;
    private final StuckDetection stuckDetection;
    private final LapsedApprovals lapsedApprovals;
    private final WaitingProperties properties;
    private final Delegations delegations;
    private final Clock clock;

    OverdueSweep(
            ApprovalStore store,
            ApprovalQueries queries,
            ApprovalWriter writer,
            StageTasks tasks,
            StuckDetection stuckDetection,
            LapsedApprovals lapsedApprovals,
            WaitingProperties properties,
            Delegations delegations,
            Clock clock) {
        this.store = store;
        this.queries = queries;
        this.writer = writer;
        this.tasks = tasks;
        this.stuckDetection = stuckDetection;
        this.lapsedApprovals = lapsedApprovals;
        this.properties = properties;
        this.delegations = delegations;
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
            log.warn("event=delegations_not_updated", e);
        }
        stuckDetection.assessLeftOvers();
        List<ApprovalId> due = queries.due(clock.instant(), BATCH);
        long attended = due.stream().filter(this::attend).count();
        if (attended > 0) {
            log.info("event=overdue_requests_swept count={}", attended);
        }
    }

    /** @return whether it succeeded; otherwise the request comes last next time */
    private boolean attend(ApprovalId id) {
        try {
            tasks.apart(() -> {
                Instant now = clock.instant();
                store.lockDue(id, now).ifPresent(approval -> attend(approval, now));
            });
            return true;
        } catch (RuntimeException e) {
            log.warn("event=overdue_request_failed approval={}", id, e);
            tasks.apart(() -> store.postpone(id, clock.instant().plus(properties.interval())));
            return false;
        }
    }

    private void attend(Approval approval, Instant now) {
        Optional<Instant> next = switch (approval.status()) {
            case PENDING -> approval.openStage().flatMap(stage -> attendOpen(approval, now));
            case APPROVED -> approval.lapsed(now) ? lapse(approval, now) : approval.validUntil();
            case REJECTED, CANCELLED -> Optional.empty();
        };
        store.save(store.lock(approval.id()).withAttention(next));
    }

    /** @return when to check again */
    private Optional<Instant> attendOpen(Approval approval, Instant now) {
        boolean reminding = due(properties.reminderDue(approval), now);
        if (due(approval.escalationDue(), now)) {
            escalate(approval, now);
        }
        if (reminding) {
            writer.write(store.lock(approval.id()).remind(now));
        }
        return properties.nextAttention(store.lock(approval.id()));
    }

    private static boolean due(Optional<Instant> at, Instant now) {
        return at.filter(due -> !due.isAfter(now)).isPresent();
    }

    private void escalate(Approval approval, Instant now) {
        EscalationGroup group = approval.waiting().group().orElseThrow();
        Stage stage = approval.openStage().orElseThrow();
        stage.taskId().ifPresent(task -> tasks.addCandidates(task, group.engineGroup(approval.scope())));
        writer.write(
                approval.escalate(now),
                AuditAction.ESCALATE,
                Map.of("stage", stage.order(), "group", group.toString()),
                Difference.NONE);
        stuckDetection.assess(store.lock(approval.id()));
    }

    /** @return when to first check the request, which is pending again */
    private Optional<Instant> lapse(Approval approval, Instant now) {
        lapsedApprovals.lapse(approval, now);
        tasks.startAgain(approval.id(), approval.entityName());
        return store.lock(approval.id()).progress().attention();
    }
}
