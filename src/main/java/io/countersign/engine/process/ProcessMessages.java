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
 * Delivers messages to processes, including ones that an operator suspended: a recorded fact, such as a cancelled
 * request, must reach its process, which would otherwise continue as if nothing had happened once resumed. The engine's
 * own correlation skips suspended instances.
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
     * Delivers a message to all instances that wait for it, in the caller's transaction. A suspended instance that does
     * not end stays suspended.
     *
     * @param variable the variable that selects the instances
     * @param value its value in those instances
     * @return whether any was waiting
     * @throws org.camunda.bpm.engine.ProcessEngineException if a job of such a process interfered
     */
    public boolean bring(String message, String variable, String value) {
        // One command, so that the engine works on the same executions that are activated here.
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

    /** An instance that ends resumes the one that called it. */
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
