package io.countersign.cluster.process;

import io.countersign.cluster.ClusterChanges;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.JavaDelegate;
import org.springframework.stereotype.Component;

/** Takes one look at how far the target is. */
@Component
class CheckClusterProgress implements JavaDelegate {

    private final ClusterChanges changes;

    CheckClusterProgress(ClusterChanges changes) {
        this.changes = changes;
    }

    @Override
    public void execute(DelegateExecution execution) {
        changes.check(ClusterProcess.clusterId(execution), ClusterProcess.rootProcess(execution));
    }
}
