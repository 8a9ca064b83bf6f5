package io.countersign.approval.waiting;

import io.countersign.approval.Approval;
import io.countersign.approval.ApprovalEvent;
import io.countersign.approval.ApprovalStatus;
import io.countersign.approval.Decision;
import io.countersign.approval.FormerDecision;
import io.countersign.approval.Stage;
import io.countersign.approval.store.ApprovalLedger;
import io.countersign.audit.AuditAction;
import io.countersign.audit.AuditTrail;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Makes approved requests pending again that were not carried out. Leads no process: its caller does. */
@Component
@Transactional(propagation = Propagation.MANDATORY)
public class Reopenings {

    private final ApprovalLedger ledger;
    private final WaitingProperties properties;
    private final AuditTrail audit;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    Reopenings(
            ApprovalLedger ledger,
            WaitingProperties properties,
            AuditTrail audit,
            ApplicationEventPublisher events,
            Clock clock) {
        this.ledger = ledger;
        this.properties = properties;
        this.audit = audit;
        this.events = events;
        this.clock = clock;
    }

    /**
     * Ends every decision of an approval that lapsed.
     *
     * @param approval held by the caller
     * @return when to look at the request first, which is pending again
     */
    public Optional<Instant> lapse(Approval approval, Instant now) {
        String reason = "Approved on " + approval.closedAt().orElseThrow() + " and not carried out within "
                + approval.waiting().validFor() + ".";
        for (Stage stage : approval.stages()) {
            for (Decision decision : stage.decisions()) {
                ledger.endDecision(
                        approval.id(),
                        stage.id(),
                        decision.decidedBy(),
                        FormerDecision.End.EXPIRED,
                        now,
                        Optional.empty(),
                        reason);
            }
            ledger.reopenStage(approval.id(), stage.id());
        }
        Optional<Instant> attention = reopen(approval);
        ledger.startRound(approval.id());
        audit.record(
                AuditAction.EXPIRE,
                approval.auditSubject(),
                Map.of(
                        "approval_id",
                        approval.id(),
                        "request",
                        approval.action(),
                        "status",
                        ApprovalStatus.PENDING,
                        "reason",
                        reason));
        events.publishEvent(new ApprovalEvent.Lapsed(approval.id(), reason));
        events.publishEvent(new ApprovalEvent.Reopened(approval.id(), reason));
        return attention;
    }

    /** Opens an approved request again, one of whose decisions is taken back. */
    public void takenBack(Approval approval, String reason) {
        reopen(approval);
        events.publishEvent(new ApprovalEvent.Reopened(approval.id(), reason));
    }

    private Optional<Instant> reopen(Approval approval) {
        Optional<Instant> attention = properties.firstAttention(approval.policy(), clock.instant());
        ledger.reopen(approval.id(), attention);
        return attention;
    }
}
