package io.countersign.approval.process;

import io.countersign.approval.waiting.WaitingProperties;
import io.countersign.engine.jobs.EngineOperations;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Keeps the timer of {@code overdue-sweep} at the configured interval. The engine reads the model's interval only on
 * deployment, and a changed setting alone does not redeploy the model.
 */
@Component
class SweepTimer {

    private final EngineOperations work;
    private final WaitingProperties properties;

    SweepTimer(EngineOperations work, WaitingProperties properties) {
        this.work = work;
        this.properties = properties;
    }

    @EventListener(ApplicationReadyEvent.class)
    public void keep() {
        work.repeatEvery(properties.interval(), ApprovalProcess.OVERDUE_SWEEP);
    }
}
