package io.countersign.change.process;

import io.countersign.approval.ApprovalId;
import io.countersign.approval.EntityType;
import io.countersign.change.ChangeProcesses;
import io.countersign.change.RequestProcess;
import io.countersign.engine.process.ProcessMessages;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
        return running(process)
                .map(instance -> failedJobs(instance).isEmpty() ? State.UNDER_WAY : State.GAVE_UP)
                .orElse(State.NONE);
    }

    @Override
    public boolean retry(String process) {
        Optional<List<String>> failed = running(process).map(this::failedJobs);
        failed.filter(jobs -> !jobs.isEmpty())
                .ifPresent(jobs ->
                        // Due at once: the job still carries the wait that followed its last failure.
                        management.setJobRetries(1).jobIds(jobs).dueDate(null).execute());
        return failed.isPresent();
    }

    @Override
    public boolean withdraw(ApprovalId approval) {
        return messages.bring(CANCELLED, APPROVAL_ID, approval.toString());
    }

    @Override
    public void end(String process, String reason) {
        runtime.deleteProcessInstanceIfExists(process, reason, false, false, true, false);
    }

    /** @return what the root process called, or is itself */
    private Optional<ProcessInstance> running(String process) {
        return Optional.ofNullable(runtime.createProcessInstanceQuery()
                .processDefinitionKey(CarryOutProcess.KEY)
                .or()
                .processInstanceId(process)
                .superProcessInstanceId(process)
                .endOr()
                .singleResult());
    }

    private List<String> failedJobs(ProcessInstance instance) {
        return management.createJobQuery().processInstanceId(instance.getId()).noRetriesLeft().list().stream()
                .map(Job::getId)
                .toList();
    }
}
