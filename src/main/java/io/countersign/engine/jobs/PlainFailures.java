package io.countersign.engine.jobs;

import java.io.IOException;
import java.util.Optional;
import java.util.stream.Stream;
import org.camunda.bpm.engine.OptimisticLockingException;
import org.camunda.bpm.engine.impl.interceptor.Command;
import org.camunda.bpm.engine.impl.jobexecutor.DefaultFailedJobCommandFactory;
import org.springframework.mail.MailException;

/**
 * Stores a readable sentence with a failed job instead of an arbitrary exception message, because submitters read it.
 * Our own exceptions have such sentences; library messages go to the log and to the stack trace in Cockpit.
 */
final class PlainFailures extends DefaultFailedJobCommandFactory {

    private static final String OURS = "io.countersign.";
    private static final String UNEXPECTED = "Something unexpected happened. An operator finds it in the log.";

    @Override
    public Command<Object> getCommand(String jobId, Throwable failure) {
        // The engine recognizes by its type that this is no failed attempt.
        return super.getCommand(
                jobId, failure instanceof OptimisticLockingException ? failure : new PlainFailure(failure));
    }

    /** @return why it failed, as a sentence for people */
    static String explain(Throwable failure) {
        return causes(failure)
                .filter(cause -> isOurs(cause) && cause.getMessage() != null)
                .findFirst()
                .map(Throwable::getMessage)
                .or(() -> mail(failure))
                .orElse(UNEXPECTED);
    }

    private static boolean isOurs(Throwable failure) {
        StackTraceElement[] trace = failure.getStackTrace();
        boolean saidByUs = (failure.getClass() == IllegalStateException.class
                        || failure.getClass() == IllegalArgumentException.class)
                && trace.length > 0
                && trace[0].getClassName().startsWith(OURS);
        return saidByUs || failure.getClass().getName().startsWith(OURS);
    }

    /** A mail server's reply is meant for people; the names of the exceptions that carry it are not. */
    private static Optional<String> mail(Throwable failure) {
        return causes(failure)
                .filter(MailException.class::isInstance)
                .findFirst()
                .map(mail -> causes(mail).anyMatch(IOException.class::isInstance)
                        ? "There is no connection to the mail server."
                        : mail.getMessage().replaceAll("(?:[a-z]\\w*\\.)+[A-Z]\\w*:? *", ""));
    }

    private static Stream<Throwable> causes(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause);
    }

    /** Carries the sentence, with the original exception as its cause. */
    private static final class PlainFailure extends RuntimeException {

        PlainFailure(Throwable failure) {
            super(explain(failure), failure, false, false);
        }
    }
}
