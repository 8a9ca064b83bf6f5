package io.countersign.approval.ledger;

import io.countersign.approval.Approval;
import io.countersign.approval.ApprovalRules;
import io.countersign.approval.ApprovalStuck;
import io.countersign.approval.Candidates;
import io.countersign.identity.DelegationChanged;
import io.countersign.identity.MembershipChanged;
import io.countersign.identity.Scope;
import java.util.Optional;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Notes when nobody can decide an approval's open stage, and when somebody can again. */
@Component
@Transactional(propagation = Propagation.MANDATORY)
public class Stuckness {

    private final ApprovalLedger ledger;
    private final Candidates candidates;
    private final ApplicationEventPublisher events;

    Stuckness(ApprovalLedger ledger, Candidates candidates, ApplicationEventPublisher events) {
        this.ledger = ledger;
        this.candidates = candidates;
        this.events = events;
    }

    /** Finds approvals that became stuck, or are no longer, when people come, go or change roles. */
    @EventListener
    public void membershipChanged(MembershipChanged change) {
        assess(change.scope());
    }

    /** Finds approvals that became stuck, or are no longer, as neither of two people decides what either submitted. */
    @EventListener
    public void delegationChanged(DelegationChanged change) {
        change.scopes().forEach(this::assess);
    }

    void assess(Approval approval) {
        approval.openStage().ifPresent(stage -> {
            Optional<String> reason = ApprovalRules.stuckReason(approval, stage, candidates.in(approval.scope()));
            if (!reason.equals(approval.stuckReason())) {
                ledger.setStuckReason(approval.id(), reason);
                reason.ifPresent(why -> events.publishEvent(new ApprovalStuck(approval.id(), why)));
            }
        });
    }

    private void assess(Scope scope) {
        ledger.pendingIn(scope).stream()
                .map(approval -> ledger.lock(approval.id()))
                .filter(approval -> !approval.processEnded())
                .forEach(this::assess);
    }
}
