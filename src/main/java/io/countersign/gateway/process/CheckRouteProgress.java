package io.countersign.gateway.process;

import io.countersign.gateway.Deployments;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.JavaDelegate;
import org.springframework.stereotype.Component;

/** Takes one look at how far the target is. */
@Component
class CheckRouteProgress implements JavaDelegate {

    private final Deployments deployments;

    CheckRouteProgress(Deployments deployments) {
        this.deployments = deployments;
    }

    @Override
    public void execute(DelegateExecution execution) {
        deployments.check(GatewayProcess.routeId(execution));
    }
}
