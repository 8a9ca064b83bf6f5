package io.countersign.change.process;

import io.countersign.approval.freeze.FreezeLifted;
import io.countersign.change.CarriedChange;
import io.countersign.change.CarryingOut;
import io.countersign.engine.jobs.JobGaveUp;
import java.util.Date;
import java.util.Optional;
import org.camunda.bpm.engine.ManagementService;
import org.camunda.bpm.engine.RuntimeService;
import org.camunda.bpm.engine.runtime.Job;
import org.camunda.bpm.engine.runtime.ProcessInstance;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Handles events from outside {@code carry-out}: a job gives up, a freeze window is lifted. */
@Component
class CarryOutEvents {

    private final CarryingOut carryingOut;
    private final RuntimeService runtime;
    private final ManagementService management;

    CarryOutEvents(CarryingOut carryingOut, @Lazy RuntimeService runtime, @Lazy ManagementService management) {
        this.carryingOut = carryingOut;
        this.runtime = runtime;
        this.management = management;
    }

    @EventListener
    void jobGaveUp(JobGaveUp event) {
        if (event.processDefinitionKey().equals(CarryOutProcess.KEY)) {
            instance(event.processInstanceId())
                    .ifPresent(instance -> carryingOut.fail(instance.getRootProcessInstanceId(), event.reason()));
        }
    }

    /** Makes everything that waits for the end of the window check again. */
    @EventListener
    void freezeLifted(FreezeLifted lifted) {
        management
                .createJobQuery()
                .processDefinitionKey(CarryOutProcess.KEY)
                .activityId(CarryOutProcess.FREEZE_WINDOW_ENDS)
                .list()
                .stream()
                .filter(job -> isIn(lifted, job))
                .forEach(job -> management.setJobDuedate(job.getId(), new Date()));
    }

    private boolean isIn(FreezeLifted lifted, Job job) {
        return change(job.getProcessInstanceId())
                .flatMap(carryingOut::scopeOf)
                .filter(lifted.scope()::equals)
                .isPresent();
    }

    private Optional<CarriedChange> change(String processInstance) {
        return instance(processInstance)
                .flatMap(instance -> CarryOutProcess.find(
                        runtime.getVariables(instance.getId(), CarryOutProcess.VARIABLES),
                        instance.getRootProcessInstanceId()));
    }

    private Optional<ProcessInstance> instance(String id) {
        return Optional.ofNullable(
                runtime.createProcessInstanceQuery().processInstanceId(id).singleResult());
    }
}
