package io.countersign.engine.jobs;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.camunda.bpm.engine.delegate.DelegateExecution;

/** Observes the engine's work. Modules that report on it implement this as a bean. */
public interface WorkObserver {

    /**
     * A delegate that is about to run.
     *
     * @param execution the execution it runs for
     * @param process the process's key, such as {@code cluster-approval}
     * @param job the id of the job that runs it; empty if a person's request runs it
     * @param delegate runs it
     */
    record Call(DelegateExecution execution, String process, Optional<String> job, Callable<Void> delegate) {}

    /**
     * Runs a delegate, and does whatever surrounds it.
     *
     * @throws Exception if the delegate does
     */
    void run(Call call) throws Exception;

    /**
     * A job attempt failed, whether or not it will be retried. An attempt that lost a concurrent update does not count.
     *
     * @param process the process's key; {@code engine} if the job belongs to none
     */
    void failed(String process);

    /**
     * The current transaction creates jobs and is about to write them.
     *
     * @param jobs their ids
     * @param by the id of the job that creates them; empty if a person's request does
     */
    void made(List<String> jobs, Optional<String> by);
}
