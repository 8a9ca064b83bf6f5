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
 * Keeps open tasks up to date with a submitter's membership changes after submission. Runs after the commit: until
 * then, and if it fails, the task accepts no decision, as it does not show what deciders need to know.
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

    /** Updates the pending requests of a person who changed a membership that could decide them. */
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
            // Locks one at a time: concurrent transactions that lock several could deadlock.
            requests.forEach(request -> tasks.apart(() -> {
                store.lock(request).process().ifPresent(process -> form.refresh(request, process));
            }));
        } catch (RuntimeException e) {
            log.warn("event=task_risks_not_updated submitter={} scope={}", submitter, change.scope(), e);
        }
    }
}
