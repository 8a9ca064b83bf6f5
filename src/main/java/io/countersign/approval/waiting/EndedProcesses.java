package io.countersign.approval.waiting;

import io.countersign.approval.Approval;
import io.countersign.approval.ApprovalId;
import io.countersign.approval.store.ApprovalStore;
import io.countersign.approval.store.ApprovalWriter;
import io.countersign.audit.AuditAction;
import io.countersign.audit.Difference;
import java.time.Clock;
import java.util.Map;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Records that an administrator ended the process of a request. This decides nothing: the request keeps its status, no
 * longer asks anyone, and can still be cancelled by those who may.
 */
@Component
@Transactional(propagation = Propagation.MANDATORY)
public class EndedProcesses {

    private final ApprovalStore store;
    private final ApprovalWriter writer;
    private final Clock clock;

    EndedProcesses(ApprovalStore store, ApprovalWriter writer, Clock clock) {
        this.store = store;
        this.writer = writer;
        this.clock = clock;
    }

    /** Records it in the transaction that ends the process; does nothing to a finished request. */
    public void ended(ApprovalId id) {
        if (store.find(id).filter(Approval::unfinished).isEmpty()) {
            return;
        }
        Approval approval = store.lock(id);
        if (!approval.unfinished() || approval.processEnded()) {
            return;
        }
        writer.write(
                approval.loseProcess(clock.instant()),
                AuditAction.END_PROCESS,
                Map.of("status", approval.status()),
                Difference.NONE);
    }
}
