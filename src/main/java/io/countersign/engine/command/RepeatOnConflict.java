package io.countersign.engine.command;

import io.countersign.api.problem.Outages;
import jakarta.ws.rs.core.Response.Status;
import java.util.concurrent.ThreadLocalRandom;
import org.camunda.bpm.engine.AuthorizationException;
import org.camunda.bpm.engine.BadUserRequestException;
import org.camunda.bpm.engine.MismatchingMessageCorrelationException;
import org.camunda.bpm.engine.OptimisticLockingException;
import org.camunda.bpm.engine.ProcessEngineException;
import org.camunda.bpm.engine.TaskAlreadyClaimedException;
import org.camunda.bpm.engine.exception.NullValueException;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.camunda.bpm.engine.impl.cmd.AssignTaskCmd;
import org.camunda.bpm.engine.impl.cmd.ClaimTaskCmd;
import org.camunda.bpm.engine.impl.cmd.CompleteTaskCmd;
import org.camunda.bpm.engine.impl.cmd.CorrelateMessageCmd;
import org.camunda.bpm.engine.impl.cmd.SubmitTaskFormCmd;
import org.camunda.bpm.engine.impl.form.FormException;
import org.camunda.bpm.engine.impl.interceptor.Command;
import org.camunda.bpm.engine.impl.interceptor.CommandInterceptor;
import org.camunda.bpm.engine.rest.exception.RestException;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Retries completing a task or delivering a message after a conflict with another transaction on the same process
 * instance, for example another person's decision. On the retry, the rules see the other transaction's result, or the
 * process no longer waits. Runs outside the transaction, so each attempt has its own; inside a caller's transaction,
 * the caller retries. An HTTP caller that lost the race gets 409.
 */
class RepeatOnConflict extends CommandInterceptor {

    private static final int TRIES = 8;

    /** The pause after the first attempt; it doubles each time, up to half a second. */
    private static final long PAUSE_MILLIS = 10;

    private final ProcessEngineConfigurationImpl engine;

    RepeatOnConflict(ProcessEngineConfigurationImpl engine) {
        this.engine = engine;
    }

    @Override
    public <T> T execute(Command<T> command) {
        boolean completes = command instanceof CompleteTaskCmd || command instanceof SubmitTaskFormCmd;
        boolean repeatable = (completes || command instanceof CorrelateMessageCmd)
                && !TransactionSynchronizationManager.isActualTransactionActive();
        for (int attempt = 1; ; attempt++) {
            try {
                return next.execute(command);
            } catch (ProcessEngineException | ConcurrencyFailureException | NullPointerException e) {
                if (repeatable && attempt < TRIES && !isAnswer(e) && !Outages.isDatabaseAway(e)) {
                    pause(attempt);
                    continue;
                }
                boolean onTask = completes || command instanceof ClaimTaskCmd || command instanceof AssignTaskCmd;
                throw onTask && wasForestalled(e) && isOverHttp()
                        ? new RestException(
                                Status.CONFLICT, e, "Somebody else was faster with this task. Look at it again.")
                        : e;
            }
        }
    }

    /** Gives the other transaction time to end; the random pause keeps two that collided from colliding again. */
    private static void pause(int attempt) {
        long longest = Math.min(PAUSE_MILLIS << attempt, 500);
        try {
            Thread.sleep(ThreadLocalRandom.current().nextLong(longest / 2, longest + 1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Whether the engine or a rule refuses. Any other failure may be the conflict, which takes many forms besides
     * {@code OptimisticLockingException}: PostgreSQL refuses to delete an execution that has gained a child, or breaks
     * a deadlock, or the engine misses an execution that is gone, possibly with a null pointer. Nothing was changed, so
     * a retry is harmless.
     */
    private static boolean isAnswer(RuntimeException e) {
        return e instanceof AuthorizationException
                || e instanceof BadUserRequestException
                || e instanceof FormException
                || e instanceof MismatchingMessageCorrelationException
                || e instanceof NullValueException;
    }

    /** Whether another person completed or claimed the task. */
    private static boolean wasForestalled(RuntimeException e) {
        return e instanceof NullValueException
                || e instanceof OptimisticLockingException
                || e instanceof TaskAlreadyClaimedException;
    }

    private boolean isOverHttp() {
        return engine.getIdentityService().getCurrentAuthentication() != null;
    }
}
