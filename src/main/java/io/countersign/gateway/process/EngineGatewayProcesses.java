package io.countersign.gateway.process;

import io.countersign.api.Conflict;
import io.countersign.api.Problem;
import io.countersign.approval.ApprovalId;
import io.countersign.gateway.GatewayProcesses;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
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

    EngineGatewayProcesses(@Lazy RuntimeService runtime, @Lazy TaskService tasks, @Lazy ManagementService management) {
        this.runtime = runtime;
        this.tasks = tasks;
        this.management = management;
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
        return !runtime.createMessageCorrelation(GatewayProcess.CANCELLED)
                .processInstanceVariableEquals(GatewayProcess.APPROVAL_ID, approval.toString())
                .correlateAllWithResult()
                .isEmpty();
    }

    @Override
    public void settle(ApprovalId approval) {
        runtime.createMessageCorrelation(GatewayProcess.SETTLED)
                .processInstanceVariableEquals(GatewayProcess.APPROVAL_ID, approval.toString())
                .correlateAll();
    }

    @Override
    public boolean retryDeployment(UUID route) {
        Optional<ProcessInstance> deployment = deployment(route);
        deployment.ifPresent(process -> {
            List<String> failed =
                    management.createJobQuery().processInstanceId(process.getId()).noRetriesLeft().list().stream()
                            .map(Job::getId)
                            .toList();
            if (!failed.isEmpty()) {
                // Due at once: the job still carries the wait that followed its last failure.
                management.setJobRetries(1).jobIds(failed).dueDate(null).execute();
            }
        });
        return deployment.isPresent();
    }

    @Override
    public boolean deploymentGaveUp(UUID route) {
        return deployment(route)
                .map(process -> management
                                .createJobQuery()
                                .processInstanceId(process.getId())
                                .noRetriesLeft()
                                .count()
                        > 0)
                .orElse(true);
    }

    @Override
    public void endFreeze(Predicate<UUID> ofRoute) {
        List<Job> waiting = management
                .createJobQuery()
                .processDefinitionKey(GatewayProcess.DEPLOYMENT)
                .activityId(GatewayProcess.FREEZE_WINDOW_ENDS)
                .list();
        for (Job job : waiting) {
            String route = (String) runtime.getVariable(job.getProcessInstanceId(), GatewayProcess.ROUTE_ID);
            if (ofRoute.test(UUID.fromString(route))) {
                management.setJobDuedate(job.getId(), new Date());
            }
        }
    }

    @Override
    public void endDeployment(UUID route, String reason) {
        deployment(route)
                .ifPresent(process -> runtime.deleteProcessInstanceIfExists(
                        process.getRootProcessInstanceId(), reason, false, false, true, false));
    }

    private Optional<ProcessInstance> deployment(UUID route) {
        return Optional.ofNullable(runtime.createProcessInstanceQuery()
                .processDefinitionKey(GatewayProcess.DEPLOYMENT)
                .variableValueEquals(GatewayProcess.ROUTE_ID, route.toString())
                .singleResult());
    }

    private static Conflict alreadyDeployed() {
        return new Conflict("wrong_state", "Somebody else deployed this route, or cancelled its request, just now.");
    }
}
