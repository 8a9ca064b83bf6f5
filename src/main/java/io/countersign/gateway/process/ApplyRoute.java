package io.countersign.gateway.process;

import io.countersign.gateway.Deployments;
import org.camunda.bpm.engine.delegate.BpmnError;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.JavaDelegate;
import org.springframework.stereotype.Component;

/** Brings a route to the target, or removes it there, unless deployments are frozen or its approval lapsed. */
@Component
class ApplyRoute implements JavaDelegate {

    private final Deployments deployments;

    ApplyRoute(Deployments deployments) {
        this.deployments = deployments;
    }

    @Override
    public void execute(DelegateExecution execution) {
        deployments.apply(GatewayProcess.routeId(execution)).ifPresent(held -> {
            throw new BpmnError(held.error(), held.reason());
        });
    }
}
