package io.countersign.change.process;

import io.countersign.change.CarryingOut;
import java.util.Date;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

/**
 * Answers the questions of {@code carry-out} from the record, never from a process variable. Public because expressions
 * can only call public classes.
 */
@Component("carryOut")
public class CarryOut {

    private final CarryingOut carryingOut;

    CarryOut(CarryingOut carryingOut) {
        this.carryingOut = carryingOut;
    }

    /** @return whether the last check found the change done */
    public boolean isFinished(DelegateExecution execution) {
        return carryingOut.isFinished(CarryOutProcess.change(execution));
    }

    /** @return when a change that waits for a freeze window should check again */
    public Date freezeEnds(DelegateExecution execution) {
        return Date.from(carryingOut.freezeEnds(CarryOutProcess.change(execution)));
    }

    /** @return how long to wait before the next check, as an ISO 8601 duration */
    public String checkInterval(DelegateExecution execution) {
        return carryingOut.checkInterval(CarryOutProcess.change(execution)).toString();
    }
}
