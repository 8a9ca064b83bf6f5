package io.countersign.approval.process;

import io.countersign.approval.waiting.StandingWatch;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.JavaDelegate;
import org.springframework.stereotype.Component;

/** Looks at requests that wait long, and sees to it that the next look is when it should be. */
@Component
class AttendToRequests implements JavaDelegate {

    private final StandingWatch watch;
    private final StandingClock clock;

    AttendToRequests(StandingWatch watch, StandingClock clock) {
        this.watch = watch;
        this.clock = clock;
    }

    @Override
    public void execute(DelegateExecution execution) {
        watch.sweep();
        clock.keep();
    }
}
