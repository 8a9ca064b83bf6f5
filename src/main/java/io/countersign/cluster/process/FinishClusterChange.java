package io.countersign.cluster.process;

import io.countersign.cluster.ClusterChanges;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.JavaDelegate;
import org.springframework.stereotype.Component;

/** Notes that the change is done. */
@Component
class FinishClusterChange implements JavaDelegate {

    private final ClusterChanges changes;

    FinishClusterChange(ClusterChanges changes) {
        this.changes = changes;
    }

    @Override
    public void execute(DelegateExecution execution) {
        changes.finish(ClusterProcess.clusterId(execution), ClusterProcess.rootProcess(execution));
    }
}
