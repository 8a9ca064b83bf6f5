package io.countersign.approval.process;

import io.countersign.approval.ledger.StandingWatch;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.JavaDelegate;
import org.springframework.stereotype.Component;

/** Looks at requests that wait long. */
@Component
class AttendToRequests implements JavaDelegate {

    private final StandingWatch watch;

    AttendToRequests(StandingWatch watch) {
        this.watch = watch;
    }

    @Override
    public void execute(DelegateExecution execution) {
        watch.sweep();
    }
}
