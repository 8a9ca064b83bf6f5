package io.countersign.change.process;

import io.countersign.approval.ApprovalId;
import io.countersign.approval.EntityType;
import io.countersign.change.ChangeProcesses;
import io.countersign.change.RequestProcess;
import io.countersign.engine.process.ProcessMessages;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.camunda.bpm.engine.ManagementService;
import org.camunda.bpm.engine.RuntimeService;
import org.camunda.bpm.engine.runtime.Job;
import org.camunda.bpm.engine.runtime.ProcessInstance;
import org.springframework.context.annotation.Lazy;
import org.springframework.stereotype.Component;

/** Starts, retries and ends the processes of changes. */
@Component
class EngineChangeProcesses implements ChangeProcesses {

    private static final String CANCELLED = "request.cancelled";
    private static final String APPROVAL_ID = "approvalId";

    private final RuntimeService runtime;
    private final ManagementService management;
    private final ProcessMessages messages;

    EngineChangeProcesses(@Lazy RuntimeService runtime, @Lazy ManagementService management, ProcessMessages messages) {
        this.runtime = runtime;
        this.management = management;
        this.messages = messages;
    }

    @Override
    public String start(RequestProcess process, UUID subject, String name, ApprovalId approval) {
        return runtime.startProcessInstanceByKey(
                        process.key(),
                        name,
                        Map.of(process.variable(), subject.toString(), APPROVAL_ID, approval.toString()))
                .getProcessInstanceId();
    }

    @Override
    public String carryOut(EntityType kind, UUID subject, String name) {
        return runtime.startProcessInstanceByKey(CarryOutProcess.KEY, name, CarryOutProcess.variables(kind, subject))
                .getProcessInstanceId();
    }

    @Override
    public State state(String process) {
        List<ProcessInstance> running = running(process);
        if (running.isEmpty()) {
            return State.NONE;
        }
        return failedJobs(running).isEmpty() ? State.UNDER_WAY : State.GAVE_UP;
    }

    @Override
    public boolean retry(String process) {
        List<ProcessInstance> running = running(process);
        List<String> failed = failedJobs(running);
        if (!failed.isEmpty()) {
            // Due now: the job still has the wait that followed its last failure.
            management.setJobRetries(1).jobIds(failed).dueDate(null).execute();
        }
        return !running.isEmpty();
    }

    @Override
    public boolean withdraw(ApprovalId approval) {
        return messages.bring(CANCELLED, APPROVAL_ID, approval.toString());
    }

    @Override
    public void end(String process, String reason) {
        runtime.deleteProcessInstanceIfExists(process, reason, false, false, true, false);
    }

    /** @return what the root process called, or is itself; several if an administrator started another one there */
    private List<ProcessInstance> running(String process) {
        return runtime.createProcessInstanceQuery()
                .processDefinitionKey(CarryOutProcess.KEY)
                .or()
                .processInstanceId(process)
                .superProcessInstanceId(process)
                .endOr()
                .list();
    }

    private List<String> failedJobs(List<ProcessInstance> instances) {
        return instances.stream()
                .flatMap(instance ->
                        management.createJobQuery().processInstanceId(instance.getId()).noRetriesLeft().list().stream())
                .map(Job::getId)
                .toList();
    }
}
