package io.countersign.approval.waiting;

import io.countersign.approval.Approval;
import io.countersign.approval.ApprovalEvent;
import io.countersign.approval.ApprovalId;
import io.countersign.approval.store.ApprovalLedger;
import io.countersign.audit.AuditAction;
import io.countersign.audit.AuditTrail;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Notes that an administrator ended the process of a request. That decides nothing: the request stays what it was, asks
 * nobody any more, and those who may cancel it can do so.
 */
@Component
@Transactional(propagation = Propagation.MANDATORY)
public class EndedProcesses {

    private final ApprovalLedger ledger;
    private final AuditTrail audit;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    EndedProcesses(ApprovalLedger ledger, AuditTrail audit, ApplicationEventPublisher events, Clock clock) {
        this.ledger = ledger;
        this.audit = audit;
        this.events = events;
        this.clock = clock;
    }

    /** Notes it in the transaction that ends the process; does nothing to a request that is finished anyway. */
    public void ended(ApprovalId id) {
        if (ledger.find(id).filter(Approval::unfinished).isEmpty()) {
            return;
        }
        Approval approval = ledger.lock(id);
        if (!approval.unfinished() || approval.processEnded()) {
            return;
        }
        approval.openQuestion()
                .ifPresent(question ->
                        ledger.closeQuestion(id, question.id(), clock.instant(), Optional.empty(), Optional.empty()));
        ledger.loseProcess(id, Approval.PROCESS_ENDED);
        audit.record(
                AuditAction.END_PROCESS,
                approval.auditSubject(),
                Map.of("approval_id", id, "request", approval.action(), "status", approval.status()));
        events.publishEvent(new ApprovalEvent.Stuck(id, Approval.PROCESS_ENDED));
    }
}
