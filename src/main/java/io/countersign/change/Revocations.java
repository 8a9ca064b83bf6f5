package io.countersign.change;

import io.countersign.approval.Approval;
import io.countersign.approval.ApprovalEvent;
import io.countersign.approval.ApprovalId;
import io.countersign.approval.ApprovalStatus;
import io.countersign.approval.StageStatus;
import io.countersign.approval.requests.Approvals;
import java.util.List;
import java.util.function.BiConsumer;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Calls off requests that were approved but not carried out. A request cancelled while its stages run is ended by them.
 * If an administrator ended the process, this class does what the process would have done at its end.
 */
@Component
class Revocations {

    private final List<Revocable> kinds;
    private final Approvals approvals;
    private final ChangeProcesses processes;

    Revocations(List<Revocable> kinds, Approvals approvals, ChangeProcesses processes) {
        this.kinds = kinds;
        this.approvals = approvals;
        this.processes = processes;
    }

    @EventListener
    void approvalClosed(ApprovalEvent.Closed event) {
        if (event.status() == ApprovalStatus.CANCELLED) {
            tell(event.approval(), (kind, approval) -> {
                if (approval.stages().stream().allMatch(stage -> stage.status() == StageStatus.APPROVED)
                        && !processes.withdraw(approval.id())) {
                    kind.cancelled(approval);
                }
            });
        }
    }

    @EventListener
    void cancelledWithoutProcess(ApprovalEvent.CancelledWithoutProcess event) {
        tell(event.approval(), Revocable::cancelled);
    }

    @EventListener
    void approvalReopened(ApprovalEvent.Reopened event) {
        tell(event.approval(), (kind, approval) -> kind.reopened(approval, event.reason()));
    }

    private void tell(ApprovalId id, BiConsumer<Revocable, Approval> deed) {
        Approval approval = approvals.get(id);
        kinds.stream().filter(kind -> approval.isAbout(kind.kind())).forEach(kind -> deed.accept(kind, approval));
    }
}
