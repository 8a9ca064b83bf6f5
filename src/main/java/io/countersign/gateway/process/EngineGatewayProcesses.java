package io.countersign.gateway.process;

import io.countersign.api.problem.Conflict;
import io.countersign.api.problem.ErrorCode;
import io.countersign.api.problem.Problem;
import io.countersign.approval.ApprovalId;
import io.countersign.engine.process.ProcessMessages;
import io.countersign.gateway.GatewayProcesses;
import java.util.UUID;
import org.camunda.bpm.engine.OptimisticLockingException;
import org.camunda.bpm.engine.ProcessEngineException;
import org.camunda.bpm.engine.RuntimeService;
import org.camunda.bpm.engine.TaskService;
import org.camunda.bpm.engine.exception.NullValueException;
import org.camunda.bpm.engine.task.Task;
import org.springframework.context.annotation.Lazy;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.stereotype.Component;

/** Starts, continues and ends processes of this module in the engine. */
@Component
class EngineGatewayProcesses implements GatewayProcesses {

    private final RuntimeService runtime;
    private final TaskService tasks;
    private final ProcessMessages messages;

    EngineGatewayProcesses(@Lazy RuntimeService runtime, @Lazy TaskService tasks, ProcessMessages messages) {
        this.runtime = runtime;
        this.tasks = tasks;
        this.messages = messages;
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
    public void settle(ApprovalId approval) {
        messages.bring(GatewayProcess.SETTLED, GatewayProcess.APPROVAL_ID, approval.toString());
    }

    private static Conflict alreadyDeployed() {
        return new Conflict(
                ErrorCode.WRONG_STATE, "Somebody else deployed this route, or cancelled its request, just now.");
    }
}
