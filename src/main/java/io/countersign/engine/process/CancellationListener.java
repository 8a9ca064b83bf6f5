package io.countersign.engine.process;

import org.camunda.bpm.engine.delegate.DelegateExecution;

/** Is told of process instances that are deleted before they end. Modules implement it as a bean. */
public interface CancellationListener {

    /** Called in the transaction that deletes an instance. */
    void cancelled(DelegateExecution instance);
}
