package io.countersign.cluster.process;

import io.countersign.api.problem.Conflict;
import io.countersign.api.problem.ErrorCode;
import io.countersign.approval.NotApproved;
import io.countersign.cluster.ClusterChanges;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.JavaDelegate;
import org.springframework.stereotype.Component;

/** Lets an approved creation begin, in the transaction that approves it; so whoever decides learns of a refusal. */
@Component
class ReleaseCluster implements JavaDelegate {

    private final ClusterChanges changes;

    ReleaseCluster(ClusterChanges changes) {
        this.changes = changes;
    }

    @Override
    public void execute(DelegateExecution execution) {
        try {
            changes.release(ClusterProcess.clusterId(execution), ClusterProcess.approvalId(execution));
        } catch (NotApproved | IllegalStateException e) {
            throw new Conflict(ErrorCode.NOT_APPROVED, e.getMessage());
        }
    }
}
