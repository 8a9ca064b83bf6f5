package io.countersign.cluster.process;

import io.countersign.cluster.provisioning.ClusterChanges;
import io.countersign.engine.JobGaveUp;
import org.camunda.bpm.engine.RuntimeService;
import org.camunda.bpm.engine.runtime.ProcessInstance;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Tells the cluster when a job of its process gave up. */
@Component
class ProvisioningFailures {

    private final RuntimeService runtime;
    private final ClusterChanges changes;

    ProvisioningFailures(@Lazy RuntimeService runtime, ClusterChanges changes) {
        this.runtime = runtime;
        this.changes = changes;
    }

    @EventListener
    void jobGaveUp(JobGaveUp event) {
        if (!event.processDefinitionKey().equals(ClusterProcess.PROVISIONING)) {
            return;
        }
        ProcessInstance process = runtime.createProcessInstanceQuery()
                .processInstanceId(event.processInstanceId())
                .singleResult();
        if (process != null) {
            changes.fail(process.getRootProcessInstanceId(), event.reason());
        }
    }
}
