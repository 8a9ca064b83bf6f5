package io.countersign.cluster.process;

import io.countersign.approval.ApprovalId;
import io.countersign.cluster.ClusterProcesses;
import io.countersign.engine.process.ProcessMessages;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.camunda.bpm.engine.ManagementService;
import org.camunda.bpm.engine.RuntimeService;
import org.camunda.bpm.engine.runtime.Job;
import org.camunda.bpm.engine.runtime.ProcessInstance;
import org.springframework.context.annotation.Lazy;
import org.springframework.stereotype.Component;

/** Starts, retries and ends processes of clusters in the engine. */
@Component
class EngineClusterProcesses implements ClusterProcesses {

    private final RuntimeService runtime;
    private final ManagementService management;
    private final ProcessMessages messages;

    EngineClusterProcesses(@Lazy RuntimeService runtime, @Lazy ManagementService management, ProcessMessages messages) {
        this.runtime = runtime;
        this.management = management;
        this.messages = messages;
    }

    @Override
    public String startRequest(UUID cluster, String name, ApprovalId approval) {
        return runtime.startProcessInstanceByKey(
                        ClusterProcess.APPROVAL, name, ClusterProcess.variables(cluster, approval))
                .getProcessInstanceId();
    }

    @Override
    public String startAgain(UUID cluster, String name) {
        return runtime.startProcessInstanceByKey(ClusterProcess.PROVISIONING, name, ClusterProcess.variables(cluster))
                .getProcessInstanceId();
    }

    @Override
    public boolean retry(String processInstanceId) {
        Set<String> processes = withCalled(processInstanceId);
        if (processes.isEmpty()) {
            return false;
        }
        List<String> failed = management.createJobQuery().processInstanceIds(processes).noRetriesLeft().list().stream()
                .map(Job::getId)
                .toList();
        if (!failed.isEmpty()) {
            // Due at once: the job still carries the wait that followed its last failure.
            management.setJobRetries(1).jobIds(failed).dueDate(null).execute();
        }
        return true;
    }

    @Override
    public boolean withdraw(ApprovalId approval) {
        return messages.bring(ClusterProcess.CANCELLED, ClusterProcess.APPROVAL_ID, approval.toString());
    }

    @Override
    public void end(String processInstanceId, String reason) {
        runtime.deleteProcessInstanceIfExists(processInstanceId, reason, false, false, true, false);
    }

    /** @return the instance, if it runs, and the one that it waits for; a job's own root process is not always known */
    private Set<String> withCalled(String processInstanceId) {
        return Stream.of(
                        runtime.createProcessInstanceQuery().processInstanceId(processInstanceId),
                        runtime.createProcessInstanceQuery().superProcessInstanceId(processInstanceId))
                .flatMap(query -> query.list().stream())
                .map(ProcessInstance::getId)
                .collect(Collectors.toSet());
    }
}
