package io.countersign.gateway.process;

import io.countersign.gateway.Deployments;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.JavaDelegate;
import org.springframework.stereotype.Component;

/** Brings a client's addresses to the target, or removes its key there. */
@Component
class ApplyClientAccess implements JavaDelegate {

    private final Deployments deployments;

    ApplyClientAccess(Deployments deployments) {
        this.deployments = deployments;
    }

    @Override
    public void execute(DelegateExecution execution) {
        deployments.applyClientAccess(GatewayProcess.clientId(execution));
    }
}
