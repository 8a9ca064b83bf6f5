package io.countersign.engine.jobs;

import java.io.IOException;
import java.util.Optional;
import java.util.stream.Stream;
import org.camunda.bpm.engine.OptimisticLockingException;
import org.camunda.bpm.engine.impl.interceptor.Command;
import org.camunda.bpm.engine.impl.jobexecutor.DefaultFailedJobCommandFactory;
import org.springframework.mail.MailException;

/**
 * Keeps with a failed job a sentence for people instead of whatever message an exception had: submitters read it. Our
 * own exceptions have such sentences; what libraries say goes to the log and to the stack trace that Cockpit shows.
 */
final class PlainFailures extends DefaultFailedJobCommandFactory {

    private static final String OURS = "io.countersign.";
    private static final String UNEXPECTED = "Something unexpected happened. An operator finds it in the log.";

    @Override
    public Command<Object> getCommand(String jobId, Throwable failure) {
        // The engine tells by its type that this is no failed try.
        return super.getCommand(
                jobId, failure instanceof OptimisticLockingException ? failure : new PlainFailure(failure));
    }

    /** @return why something failed, as a sentence for people */
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

    /** What a mail server says is for people; the names of the exceptions that carry it are not. */
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

    /** Carries the sentence, and the whole truth as its cause. */
    private static final class PlainFailure extends RuntimeException {

        PlainFailure(Throwable failure) {
            super(explain(failure), failure, false, false);
        }
    }
}
