package io.countersign.approval.waiting;

import io.countersign.approval.Approval;
import io.countersign.approval.ApprovalStatus;
import io.countersign.approval.NotApproved;
import io.countersign.approval.store.ApprovalWriter;
import io.countersign.audit.AuditAction;
import io.countersign.audit.Difference;
import java.time.Instant;
import java.util.Map;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Makes approved requests pending again if they were not carried out in time. The caller moves their processes. */
@Component
@Transactional(propagation = Propagation.MANDATORY)
public class LapsedApprovals {

    private final ApprovalWriter writer;
    private final WaitingProperties properties;

    LapsedApprovals(ApprovalWriter writer, WaitingProperties properties) {
        this.writer = writer;
        this.properties = properties;
    }

    /**
     * Ends every decision of an approval that lapsed.
     *
     * @param approval locked by the caller
     * @throws NotApproved unless it lapsed
     */
    public void lapse(Approval approval, Instant now) {
        writer.write(
                approval.lapse(now, properties.firstAttention(approval.policy(), now)),
                AuditAction.EXPIRE,
                Map.of("status", ApprovalStatus.PENDING, "reason", approval.lapseReason()),
                Difference.NONE);
    }
}
