package io.countersign.gateway.process;

import io.countersign.gateway.Deployments;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.JavaDelegate;
import org.springframework.stereotype.Component;

/** Notes that a deployment is done. */
@Component
class FinishRouteDeployment implements JavaDelegate {

    private final Deployments deployments;

    FinishRouteDeployment(Deployments deployments) {
        this.deployments = deployments;
    }

    @Override
    public void execute(DelegateExecution execution) {
        deployments.finish(GatewayProcess.routeId(execution));
    }
}
