package io.countersign.cluster.process;

import io.countersign.approval.FreezeLifted;
import io.countersign.cluster.provisioning.ClusterChanges;
import io.countersign.identity.Scope;
import java.util.Date;
import java.util.UUID;
import org.camunda.bpm.engine.ManagementService;
import org.camunda.bpm.engine.RuntimeService;
import org.camunda.bpm.engine.runtime.Job;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Lets every change of a cluster go on that waits for a freeze window which was lifted. */
@Component
class ThawedClusters {

    private final RuntimeService runtime;
    private final ManagementService management;
    private final ClusterChanges changes;

    ThawedClusters(@Lazy RuntimeService runtime, @Lazy ManagementService management, ClusterChanges changes) {
        this.runtime = runtime;
        this.management = management;
        this.changes = changes;
    }

    @EventListener
    void freezeLifted(FreezeLifted lifted) {
        if (lifted.scope().type() != Scope.Type.ORGANIZATION) {
            return;
        }
        for (Job job : management
                .createJobQuery()
                .processDefinitionKey(ClusterProcess.PROVISIONING)
                .activityId(ClusterProcess.FREEZE_WINDOW_ENDS)
                .list()) {
            UUID cluster = UUID.fromString(
                    (String) runtime.getVariable(job.getProcessInstanceId(), ClusterProcess.CLUSTER_ID));
            if (changes.organization(cluster)
                    .filter(lifted.scope().id()::equals)
                    .isPresent()) {
                management.setJobDuedate(job.getId(), new Date());
            }
        }
    }
}
