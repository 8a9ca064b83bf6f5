package io.countersign.gateway.process;

import io.countersign.approval.Approval;
import io.countersign.approval.ApprovalClosed;
import io.countersign.approval.ApprovalStatus;
import io.countersign.approval.Approvals;
import io.countersign.approval.EntityType;
import io.countersign.approval.StageStatus;
import io.countersign.gateway.GatewayProcesses;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Ends the process of a request that was approved, and cancelled before it was deployed. One that is cancelled while
 * its stages run is ended by them, unless they run once more because the approval lapsed.
 */
@Component
class Withdrawals {

    private final Approvals approvals;
    private final GatewayProcesses processes;

    Withdrawals(Approvals approvals, GatewayProcesses processes) {
        this.approvals = approvals;
        this.processes = processes;
    }

    @EventListener
    void approvalClosed(ApprovalClosed event) {
        Approval approval = approvals.get(event.approval());
        boolean refused = event.status() == ApprovalStatus.CANCELLED
                || event.status() == ApprovalStatus.REJECTED && approval.lapsedBefore();
        if (!refused) {
            return;
        }
        boolean ours =
                approval.entityType() == EntityType.ROUTE || approval.entityType() == EntityType.CLIENT_ATTACHMENT;
        if (ours
                && (approval.lapsedBefore()
                        || approval.stages().stream().allMatch(stage -> stage.status() == StageStatus.APPROVED))) {
            processes.withdraw(approval.id());
        }
    }
}
