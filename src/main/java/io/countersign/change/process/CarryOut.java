package io.countersign.change.process;

import io.countersign.change.CarryingOut;
import java.util.Date;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

/**
 * What {@code carry-out} asks: always the record, never a process variable. Public, since expressions find methods of
 * public classes only.
 */
@Component("carryOut")
public class CarryOut {

    private final CarryingOut carryingOut;

    CarryOut(CarryingOut carryingOut) {
        this.carryingOut = carryingOut;
    }

    /** @return whether the last look found the change done */
    public boolean isFinished(DelegateExecution execution) {
        return carryingOut.isFinished(CarryOutProcess.change(execution));
    }

    /** @return when a change that waits for a freeze window should look again */
    public Date freezeEnds(DelegateExecution execution) {
        return Date.from(carryingOut.freezeEnds(CarryOutProcess.change(execution)));
    }

    /** @return how long to wait before the next look, as an ISO 8601 duration */
    public String checkInterval(DelegateExecution execution) {
        return carryingOut.checkInterval(CarryOutProcess.change(execution)).toString();
    }
}
