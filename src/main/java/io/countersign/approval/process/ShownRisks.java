package io.countersign.approval.process;

import io.countersign.approval.Approval;
import io.countersign.approval.ledger.ApprovalLedger;
import io.countersign.approval.ledger.StageTasks;
import io.countersign.identity.CurrentUser;
import io.countersign.identity.MembershipChanged;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.event.TransactionalEventListener;

/**
 * Keeps open tasks up to date with what a submitter does among members after submitting. That comes after the commit:
 * until then, and if it fails, the task takes no decision, as it does not show what is to be known.
 */
@Component
class ShownRisks {

    private static final Logger log = LoggerFactory.getLogger(ShownRisks.class);

    private final ApprovalLedger ledger;
    private final StageTasks tasks;
    private final DecisionForm form;

    ShownRisks(ApprovalLedger ledger, StageTasks tasks, DecisionForm form) {
        this.ledger = ledger;
        this.tasks = tasks;
        this.form = form;
    }

    /** Looks at the pending requests of the person who changed a membership. */
    @TransactionalEventListener
    @Transactional(propagation = Propagation.NOT_SUPPORTED)
    public void membershipChanged(MembershipChanged change) {
        CurrentUser.find().ifPresent(person -> refresh(person, change.scope()));
    }

    private void refresh(UserId submitter, Scope scope) {
        try {
            tasks.apart(() -> {
                for (Approval request : ledger.pendingOf(submitter, scope)) {
                    ledger.lock(request.id());
                    ledger.processInstance(request.id()).ifPresent(process -> form.refresh(request.id(), process));
                }
            });
        } catch (RuntimeException e) {
            log.warn("tasks do not show yet what their submitter changed submitter={} scope={}", submitter, scope, e);
        }
    }
}
