package io.countersign.offenders;

import org.camunda.bpm.engine.TaskService;
import org.camunda.bpm.engine.delegate.JavaDelegate;

/** Works with the engine where it should only be called by it. */
public class BusyDelegates {

    JavaDelegate complete(TaskService tasks) {
        return execution -> tasks.complete(execution.getId());
    }
}
