package io.countersign.approval.process;

import io.countersign.approval.waiting.OverdueSweep;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.JavaDelegate;
import org.springframework.stereotype.Component;

/** Sweeps overdue requests and keeps the timer at the configured interval. */
@Component
class SweepOverdueRequests implements JavaDelegate {

    private final OverdueSweep sweep;
    private final SweepTimer timer;

    SweepOverdueRequests(OverdueSweep sweep, SweepTimer timer) {
        this.sweep = sweep;
        this.timer = timer;
    }

    @Override
    public void execute(DelegateExecution execution) {
        sweep.run();
        timer.keep();
    }
}
