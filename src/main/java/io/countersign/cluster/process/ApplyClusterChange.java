package io.countersign.cluster.process;

import io.countersign.cluster.ClusterChanges;
import org.camunda.bpm.engine.delegate.BpmnError;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.JavaDelegate;
import org.springframework.stereotype.Component;

/** Brings the change to the target, unless provisioning is frozen or its approval lapsed. */
@Component
class ApplyClusterChange implements JavaDelegate {

    private final ClusterChanges changes;

    ApplyClusterChange(ClusterChanges changes) {
        this.changes = changes;
    }

    @Override
    public void execute(DelegateExecution execution) {
        changes.apply(ClusterProcess.clusterId(execution), ClusterProcess.rootProcess(execution))
                .ifPresent(held -> {
                    throw new BpmnError(held.error(), held.reason());
                });
    }
}
