package io.countersign.engine;

import org.camunda.bpm.engine.AuthorizationException;
import org.camunda.bpm.engine.BadUserRequestException;
import org.camunda.bpm.engine.ProcessEngineException;
import org.camunda.bpm.engine.exception.NullValueException;
import org.camunda.bpm.engine.impl.cmd.CompleteTaskCmd;
import org.camunda.bpm.engine.impl.cmd.SubmitTaskFormCmd;
import org.camunda.bpm.engine.impl.form.FormException;
import org.camunda.bpm.engine.impl.interceptor.Command;
import org.camunda.bpm.engine.impl.interceptor.CommandInterceptor;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Repeats the completion of a task that met another transaction on the same process instance, for example the job that
 * notifies the approvers. Whoever decided meanwhile is found by the rules on the second try. Stands outside the
 * transaction, so each try has its own.
 */
class RepeatOnConflict extends CommandInterceptor {

    private static final int TRIES = 3;

    @Override
    public <T> T execute(Command<T> command) {
        boolean repeatable = (command instanceof CompleteTaskCmd || command instanceof SubmitTaskFormCmd)
                && !TransactionSynchronizationManager.isActualTransactionActive();
        for (int attempt = 1; ; attempt++) {
            try {
                return next.execute(command);
            } catch (ProcessEngineException e) {
                if (!repeatable || attempt == TRIES || isAnswer(e)) {
                    throw e;
                }
            }
        }
    }

    /**
     * Whether the engine or a rule says no. Whatever else fails may be the conflict, which has many faces beside
     * {@code OptimisticLockingException}: PostgreSQL refuses to delete an execution that got a child meanwhile, or the
     * engine misses an execution that is gone. Nothing was changed, so trying again is harmless.
     */
    private static boolean isAnswer(ProcessEngineException e) {
        return e instanceof AuthorizationException
                || e instanceof BadUserRequestException
                || e instanceof FormException
                || e instanceof NullValueException;
    }
}
