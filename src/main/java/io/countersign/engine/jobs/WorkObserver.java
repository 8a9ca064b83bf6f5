package io.countersign.engine.jobs;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.camunda.bpm.engine.delegate.DelegateExecution;

/** Sees what the engine does. Modules that report on it implement this as a bean. */
public interface WorkObserver {

    /**
     * A delegate that is about to run.
     *
     * @param execution what it works for
     * @param process the process's key, such as {@code cluster-approval}
     * @param job the id of the job that runs it; empty if a person's request does
     * @param delegate runs it
     */
    record Call(DelegateExecution execution, String process, Optional<String> job, Callable<Void> delegate) {}

    /**
     * Runs a delegate, and does what is to be done around it.
     *
     * @throws Exception if the delegate does
     */
    void run(Call call) throws Exception;

    /**
     * An attempt of a job failed, to be repeated or not. One that lost against another transaction is none.
     *
     * @param process the process's key; {@code engine} if the job belongs to none
     */
    void failed(String process);

    /**
     * The current transaction makes jobs; it is about to write them.
     *
     * @param jobs their ids
     * @param by the id of the job that makes them; empty if a person's request does
     */
    void made(List<String> jobs, Optional<String> by);
}
