package io.countersign.engine.process;

import java.util.List;
import java.util.stream.Stream;
import org.camunda.bpm.engine.ProcessEngine;
import org.camunda.bpm.engine.RuntimeService;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.camunda.bpm.engine.impl.interceptor.CommandContext;
import org.camunda.bpm.engine.impl.persistence.entity.ExecutionEntity;
import org.camunda.bpm.engine.impl.persistence.entity.SuspensionState;
import org.camunda.bpm.engine.runtime.Execution;
import org.springframework.context.annotation.Lazy;
import org.springframework.stereotype.Component;

/**
 * Brings messages to processes, also to those that an operator suspended: what is on record already, say that a request
 * is cancelled, must reach its process, which else goes on as if nothing had happened when it is resumed. The engine's
 * own correlation passes over suspended instances.
 */
@Component
public class ProcessMessages {

    private final RuntimeService runtime;
    private final ProcessEngine engine;

    ProcessMessages(@Lazy RuntimeService runtime, @Lazy ProcessEngine engine) {
        this.runtime = runtime;
        this.engine = engine;
    }

    /**
     * Brings a message to all instances that wait for it, in the caller's transaction. One that is suspended, and lives
     * on, stays suspended.
     *
     * @param variable the variable that tells which instances
     * @param value its value there
     * @return whether any waited
     * @throws org.camunda.bpm.engine.ProcessEngineException if a job of such a process came in between
     */
    public boolean bring(String message, String variable, String value) {
        // One command, so that the engine works with the very executions that are awake here.
        return ((ProcessEngineConfigurationImpl) engine.getProcessEngineConfiguration())
                .getCommandExecutorTxRequired()
                .execute(context -> {
                    List<Execution> waiting = runtime.createExecutionQuery()
                            .messageEventSubscriptionName(message)
                            .processVariableValueEquals(variable, value)
                            .list();
                    waiting.forEach(execution -> bring(context, message, execution));
                    return !waiting.isEmpty();
                });
    }

    private void bring(CommandContext context, String message, Execution execution) {
        ExecutionEntity instance = context.getExecutionManager().findExecutionById(execution.getProcessInstanceId());
        List<ExecutionEntity> suspended =
                withCallers(instance).filter(ExecutionEntity::isSuspended).toList();
        suspended.forEach(process -> set(process, SuspensionState.ACTIVE));
        runtime.messageEventReceived(message, execution.getId());
        suspended.stream()
                .filter(process -> !process.isEnded())
                .forEach(process -> set(process, SuspensionState.SUSPENDED));
    }

    /** An instance that comes to its end lets the one go on that called it. */
    private static Stream<ExecutionEntity> withCallers(ExecutionEntity instance) {
        return Stream.iterate(
                instance,
                process -> process != null,
                process -> process.getSuperExecution() == null
                        ? null
                        : process.getSuperExecution().getProcessInstance());
    }

    private static void set(ExecutionEntity execution, SuspensionState state) {
        execution.setSuspensionState(state.getStateCode());
        execution.getTasks().forEach(task -> task.setSuspensionState(state.getStateCode()));
        execution.getExecutions().forEach(child -> set(child, state));
    }
}
