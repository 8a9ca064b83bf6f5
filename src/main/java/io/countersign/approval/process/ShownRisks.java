package io.countersign.approval.process;

import io.countersign.approval.Approval;
import io.countersign.approval.ApprovalId;
import io.countersign.approval.StageTasks;
import io.countersign.approval.rules.ApprovalRules;
import io.countersign.approval.store.ApprovalQueries;
import io.countersign.approval.store.ApprovalStore;
import io.countersign.identity.CurrentUser;
import io.countersign.identity.UserId;
import io.countersign.identity.membership.MembershipChanged;
import java.util.ArrayList;
import java.util.List;
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

    private final ApprovalStore store;
    private final ApprovalQueries queries;
    private final StageTasks tasks;
    private final DecisionForm form;

    ShownRisks(ApprovalStore store, ApprovalQueries queries, StageTasks tasks, DecisionForm form) {
        this.store = store;
        this.queries = queries;
        this.tasks = tasks;
        this.form = form;
    }

    /** Looks at the pending requests of the person who changed a membership that could decide them. */
    @TransactionalEventListener
    @Transactional(propagation = Propagation.NOT_SUPPORTED)
    public void membershipChanged(MembershipChanged change) {
        if (!change.before().equals(change.after())) {
            CurrentUser.find().ifPresent(person -> refresh(person, change));
        }
    }

    private void refresh(UserId submitter, MembershipChanged change) {
        try {
            List<ApprovalId> requests = new ArrayList<>();
            tasks.apart(() -> queries.pendingOf(submitter, change.scope()).stream()
                    .filter(request ->
                            change.both().anyMatch(membership -> ApprovalRules.concerns(request, membership)))
                    .map(Approval::id)
                    .forEach(requests::add));
            // One at a time: who holds several at once could wait in a circle with others who do.
            requests.forEach(request -> tasks.apart(() -> {
                store.lock(request).process().ifPresent(process -> form.refresh(request, process));
            }));
        } catch (RuntimeException e) {
            log.warn("event=task_risks_not_updated submitter={} scope={}", submitter, change.scope(), e);
        }
    }
}
