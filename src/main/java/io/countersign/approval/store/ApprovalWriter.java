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

/** Saves what changes of approvals, records it in the trail and announces it, in this order. */
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

    /** Saves and announces a change that the trail need not tell. */
    public void write(ApprovalChange change) {
        store.save(change.next());
        change.events().forEach(events::publishEvent);
    }

    /**
     * Saves, records and announces a change.
     *
     * @param action what was done
     * @param details what else is worth knowing; the request is named anyway
     * @param difference what was there before and is there now
     */
    public void write(ApprovalChange change, AuditAction action, Map<String, ?> details, Difference difference) {
        store.save(change.next());
        record(change.next(), action, details, difference);
        change.events().forEach(events::publishEvent);
    }

    /** Records in the trail what was done about a request. */
    public void record(Approval approval, AuditAction action, Map<String, ?> details, Difference difference) {
        Map<String, Object> all = new HashMap<>(details);
        all.put("approval_id", approval.id());
        all.put("request", approval.action());
        audit.record(action, approval.auditSubject(), all, difference);
    }
}
