package io.countersign.gateway.process;

import io.countersign.api.problem.Conflict;
import io.countersign.api.problem.ErrorCode;
import io.countersign.api.problem.Problem;
import io.countersign.approval.ApprovalId;
import io.countersign.engine.process.ProcessMessages;
import io.countersign.gateway.GatewayProcesses;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.camunda.bpm.engine.ManagementService;
import org.camunda.bpm.engine.OptimisticLockingException;
import org.camunda.bpm.engine.ProcessEngineException;
import org.camunda.bpm.engine.RuntimeService;
import org.camunda.bpm.engine.TaskService;
import org.camunda.bpm.engine.exception.NullValueException;
import org.camunda.bpm.engine.runtime.Job;
import org.camunda.bpm.engine.runtime.ProcessInstance;
import org.camunda.bpm.engine.task.Task;
import org.springframework.context.annotation.Lazy;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.stereotype.Component;

/** Starts, continues and ends processes of this module in the engine. */
@Component
class EngineGatewayProcesses implements GatewayProcesses {

    private final RuntimeService runtime;
    private final TaskService tasks;
    private final ManagementService management;
    private final ProcessMessages messages;

    EngineGatewayProcesses(
            @Lazy RuntimeService runtime,
            @Lazy TaskService tasks,
            @Lazy ManagementService management,
            ProcessMessages messages) {
        this.runtime = runtime;
        this.tasks = tasks;
        this.management = management;
        this.messages = messages;
    }

    @Override
    public String startRouteChange(UUID route, String name, ApprovalId approval) {
        return runtime.startProcessInstanceByKey(
                        GatewayProcess.ROUTE_CHANGE, name, GatewayProcess.ofRouteChange(route, approval))
                .getProcessInstanceId();
    }

    @Override
    public String startAttachmentChange(UUID attachment, String name, ApprovalId approval) {
        return runtime.startProcessInstanceByKey(
                        GatewayProcess.ATTACHMENT_CHANGE, name, GatewayProcess.ofAttachmentChange(attachment, approval))
                .getProcessInstanceId();
    }

    @Override
    public String startDeployment(UUID route, String name) {
        return runtime.startProcessInstanceByKey(GatewayProcess.DEPLOYMENT, name, GatewayProcess.ofDeployment(route))
                .getProcessInstanceId();
    }

    @Override
    public void startAccessChange(UUID client, String name) {
        runtime.startProcessInstanceByKey(GatewayProcess.CLIENT_ACCESS, name, GatewayProcess.ofClientAccess(client));
    }

    @Override
    public void completeDeployTask(String process) {
        Task task = tasks.createTaskQuery()
                .processInstanceId(process)
                .taskDefinitionKey(GatewayProcess.DEPLOY_ROUTE)
                .singleResult();
        if (task == null) {
            throw alreadyDeployed();
        }
        try {
            tasks.complete(task.getId());
        } catch (NullValueException e) {
            throw alreadyDeployed();
        } catch (OptimisticLockingException e) {
            throw new OptimisticLockingFailureException("Task " + task.getId() + " changed just now", e);
        } catch (ProcessEngineException e) {
            Problem.in(e).ifPresent(problem -> {
                throw problem;
            });
            throw e;
        }
    }

    @Override
    public boolean withdraw(ApprovalId approval) {
        return messages.bring(GatewayProcess.CANCELLED, GatewayProcess.APPROVAL_ID, approval.toString());
    }

    @Override
    public void settle(ApprovalId approval) {
        messages.bring(GatewayProcess.SETTLED, GatewayProcess.APPROVAL_ID, approval.toString());
    }

    @Override
    public Progress deployment(UUID route) {
        return running(route)
                .map(process -> failedJobs(process).isEmpty() ? Progress.UNDER_WAY : Progress.GAVE_UP)
                .orElse(Progress.NONE);
    }

    @Override
    public void retryDeployment(UUID route) {
        running(route)
                .map(this::failedJobs)
                .filter(jobs -> !jobs.isEmpty())
                .ifPresent(failed ->
                        // Due at once: the job still carries the wait that followed its last failure.
                        management.setJobRetries(1).jobIds(failed).dueDate(null).execute());
    }

    private List<String> failedJobs(ProcessInstance process) {
        return management.createJobQuery().processInstanceId(process.getId()).noRetriesLeft().list().stream()
                .map(Job::getId)
                .toList();
    }

    @Override
    public void endDeployment(UUID route, String reason) {
        running(route)
                .ifPresent(process -> runtime.deleteProcessInstanceIfExists(
                        process.getRootProcessInstanceId(), reason, false, false, true, false));
    }

    private Optional<ProcessInstance> running(UUID route) {
        return Optional.ofNullable(runtime.createProcessInstanceQuery()
                .processDefinitionKey(GatewayProcess.DEPLOYMENT)
                .variableValueEquals(GatewayProcess.ROUTE_ID, route.toString())
                .singleResult());
    }

    private static Conflict alreadyDeployed() {
        return new Conflict(
                ErrorCode.WRONG_STATE, "Somebody else deployed this route, or cancelled its request, just now.");
    }
}
