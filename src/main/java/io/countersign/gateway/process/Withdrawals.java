package io.countersign.gateway.process;

import io.countersign.approval.Approval;
import io.countersign.approval.ApprovalEvent;
import io.countersign.approval.ApprovalStatus;
import io.countersign.approval.StageStatus;
import io.countersign.approval.requests.Approvals;
import io.countersign.change.ChangeProcesses;
import io.countersign.gateway.AttachmentRequests;
import io.countersign.gateway.Attachments;
import io.countersign.gateway.RouteRequests;
import io.countersign.gateway.RouteStatus;
import io.countersign.gateway.Routes;
import java.util.UUID;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Ends the process of a request that was approved, and cancelled before anything of it was deployed. One that is
 * cancelled while its stages run is ended by them. Where an administrator ended the process, what it would have done at
 * its end is done here.
 */
@Component
class Withdrawals {

    private final Approvals approvals;
    private final ChangeProcesses processes;
    private final Routes routes;
    private final Attachments attachments;

    Withdrawals(Approvals approvals, ChangeProcesses processes, Routes routes, Attachments attachments) {
        this.approvals = approvals;
        this.processes = processes;
        this.routes = routes;
        this.attachments = attachments;
    }

    @EventListener
    void approvalClosed(ApprovalEvent.Closed event) {
        Approval approval = approvals.get(event.approval());
        boolean ours = approval.isAbout(RouteRequests.TYPE) || approval.isAbout(AttachmentRequests.TYPE);
        if (ours
                && event.status() == ApprovalStatus.CANCELLED
                && approval.stages().stream().allMatch(stage -> stage.status() == StageStatus.APPROVED)
                && !processes.withdraw(approval.id())) {
            refuse(approval);
        }
    }

    @EventListener
    void approvalReopened(ApprovalEvent.Reopened event) {
        Approval approval = approvals.get(event.approval());
        if (approval.isAbout(RouteRequests.TYPE)) {
            routes.reopened(approval, event.reason());
        }
    }

    @EventListener
    void cancelledWithoutProcess(ApprovalEvent.CancelledWithoutProcess event) {
        refuse(approvals.get(event.approval()));
    }

    private void refuse(Approval approval) {
        if (approval.isAbout(RouteRequests.TYPE)) {
            routes.findByOpenRequest(approval)
                    .filter(route -> route.status() != RouteStatus.REJECTED)
                    .ifPresent(route -> routes.refused(route.id(), approval.id()));
        }
        if (approval.isAbout(AttachmentRequests.TYPE)) {
            attachments.refused(UUID.fromString(approval.entityId()), approval.id());
        }
    }
}
