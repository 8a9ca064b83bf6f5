package io.countersign.change.process;

import io.countersign.approval.freeze.FreezeLifted;
import io.countersign.change.CarriedOutByProcess;
import java.util.Date;
import java.util.List;
import java.util.UUID;
import org.camunda.bpm.engine.ManagementService;
import org.camunda.bpm.engine.RuntimeService;
import org.camunda.bpm.engine.runtime.Job;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Lets whatever waits for the end of a freeze window look again once the window is lifted. */
@Component
class LiftedFreezes {

    /** The timer of every model that waits for a window. */
    private static final String FREEZE_WINDOW_ENDS = "freeze-window-ends";

    private final List<CarriedOutByProcess> processes;
    private final RuntimeService runtime;
    private final ManagementService management;

    LiftedFreezes(
            List<CarriedOutByProcess> processes, @Lazy RuntimeService runtime, @Lazy ManagementService management) {
        this.processes = processes;
        this.runtime = runtime;
        this.management = management;
    }

    @EventListener
    void freezeLifted(FreezeLifted lifted) {
        for (CarriedOutByProcess process : processes) {
            management
                    .createJobQuery()
                    .processDefinitionKey(process.process())
                    .activityId(FREEZE_WINDOW_ENDS)
                    .list()
                    .stream()
                    .filter(job -> process.scopeOf(subject(process, job))
                            .filter(lifted.scope()::equals)
                            .isPresent())
                    .forEach(job -> management.setJobDuedate(job.getId(), new Date()));
        }
    }

    private UUID subject(CarriedOutByProcess process, Job job) {
        return UUID.fromString((String) runtime.getVariable(job.getProcessInstanceId(), process.variable()));
    }
}
