package io.countersign.cluster.process;

import io.countersign.cluster.ClusterChanges;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.JavaDelegate;
import org.springframework.stereotype.Component;

/** Ends a request that was rejected or cancelled. */
@Component
class CancelCluster implements JavaDelegate {

    private final ClusterChanges changes;

    CancelCluster(ClusterChanges changes) {
        this.changes = changes;
    }

    @Override
    public void execute(DelegateExecution execution) {
        changes.cancel(ClusterProcess.clusterId(execution), ClusterProcess.approvalId(execution));
    }
}
