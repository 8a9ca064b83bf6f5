package io.countersign.cluster.process;

import io.countersign.cluster.ClusterChanges;
import io.countersign.cluster.ClusterProperties;
import java.util.Date;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

/**
 * What {@code cluster-provisioning} asks: the recorded outcome of the last look, never a process variable. Public,
 * since expressions find methods of public classes only.
 */
@Component("clusterProgress")
public class ClusterProgress {

    private final ClusterChanges changes;
    private final ClusterProperties properties;

    ClusterProgress(ClusterChanges changes, ClusterProperties properties) {
        this.changes = changes;
        this.properties = properties;
    }

    /** @return whether the change is done */
    public boolean isFinished(DelegateExecution execution) {
        return changes.isFinished(ClusterProcess.clusterId(execution));
    }

    /** @return when a change that waits for a freeze window should look again */
    public Date freezeEnds(DelegateExecution execution) {
        return Date.from(changes.freezeEnds(ClusterProcess.clusterId(execution)));
    }

    /** @return how long to wait before the next look, as an ISO 8601 duration */
    public String getCheckInterval() {
        return properties.checkInterval().toString();
    }
}
