package io.countersign.approval.store;

import io.countersign.approval.Approval;
import io.countersign.approval.ApprovalChange;
import io.countersign.audit.AuditAction;
import io.countersign.audit.AuditTrail;
import io.countersign.audit.Difference;
import java.util.HashMap;
import java.util.Map;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Saves changes of approvals, records them in the trail and publishes their events, in this order. */
@Component
@Transactional(propagation = Propagation.MANDATORY)
public class ApprovalWriter {

    private final ApprovalStore store;
    private final AuditTrail audit;
    private final ApplicationEventPublisher events;

    ApprovalWriter(ApprovalStore store, AuditTrail audit, ApplicationEventPublisher events) {
        this.store = store;
        this.audit = audit;
        this.events = events;
    }

    /** Saves and publishes a change that the trail does not record. */
    public void write(ApprovalChange change) {
        store.save(change.next());
        change.events().forEach(events::publishEvent);
    }

    /**
     * Saves, records and publishes a change.
     *
     * @param action the recorded action
     * @param details further details; the request is always named
     * @param difference the values before and after
     */
    public void write(ApprovalChange change, AuditAction action, Map<String, ?> details, Difference difference) {
        store.save(change.next());
        record(change.next(), action, details, difference);
        change.events().forEach(events::publishEvent);
    }

    /** Records an action on a request in the trail. */
    public void record(Approval approval, AuditAction action, Map<String, ?> details, Difference difference) {
        Map<String, Object> all = new HashMap<>(details);
        all.put("approval_id", approval.id());
        all.put("request", approval.action());
        audit.record(action, approval.auditSubject(), all, difference);
    }
}
