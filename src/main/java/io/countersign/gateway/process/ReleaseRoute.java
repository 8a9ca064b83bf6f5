package io.countersign.gateway.process;

import io.countersign.gateway.Deployments;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.JavaDelegate;
import org.springframework.stereotype.Component;

/** Hands an approved change to deployment, in the transaction that somebody deploys it in. */
@Component
class ReleaseRoute implements JavaDelegate {

    private final Deployments deployments;

    ReleaseRoute(Deployments deployments) {
        this.deployments = deployments;
    }

    @Override
    public void execute(DelegateExecution execution) {
        deployments.release(GatewayProcess.routeId(execution), GatewayProcess.approvalId(execution));
    }
}
