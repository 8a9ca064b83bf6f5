package io.countersign.change.process;

import io.countersign.change.CarryingOut;
import io.countersign.change.TriedProcess;
import org.camunda.bpm.engine.delegate.BpmnError;
import org.camunda.bpm.engine.delegate.JavaDelegate;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The service tasks of {@code carry-out}. */
@Configuration(proxyBeanMethods = false)
class CarryOutDelegates {

    @Bean
    TriedProcess carryOutTries() {
        return new TriedProcess(CarryOutProcess.KEY, CarryOutProcess.SUBJECT);
    }

    /** Writes the change to the target, unless a freeze window is open or its approval lapsed. */
    @Bean
    JavaDelegate applyChange(CarryingOut carryingOut) {
        return execution -> carryingOut.apply(CarryOutProcess.change(execution)).ifPresent(held -> {
            throw new BpmnError(held.error(), held.reason());
        });
    }

    /** Checks the target's progress once. */
    @Bean
    JavaDelegate checkProgress(CarryingOut carryingOut) {
        return execution -> carryingOut.check(CarryOutProcess.change(execution));
    }

    /** Records that the change is carried out and notifies people. */
    @Bean
    JavaDelegate finishChange(CarryingOut carryingOut) {
        return execution -> carryingOut.finish(CarryOutProcess.change(execution));
    }
}
