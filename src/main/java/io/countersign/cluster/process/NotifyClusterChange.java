package io.countersign.cluster.process;

import io.countersign.cluster.ClusterChanges;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.JavaDelegate;
import org.springframework.stereotype.Component;

/** Tells people that the change is done. */
@Component
class NotifyClusterChange implements JavaDelegate {

    private final ClusterChanges changes;

    NotifyClusterChange(ClusterChanges changes) {
        this.changes = changes;
    }

    @Override
    public void execute(DelegateExecution execution) {
        changes.announce(ClusterProcess.clusterId(execution));
    }
}
