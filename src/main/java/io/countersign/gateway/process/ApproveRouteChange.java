package io.countersign.gateway.process;

import io.countersign.gateway.Routes;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.JavaDelegate;
import org.springframework.stereotype.Component;

/** Notes that a route's request is approved in full. */
@Component
class ApproveRouteChange implements JavaDelegate {

    private final Routes routes;

    ApproveRouteChange(Routes routes) {
        this.routes = routes;
    }

    @Override
    public void execute(DelegateExecution execution) {
        routes.approved(GatewayProcess.routeId(execution), GatewayProcess.approvalId(execution));
    }
}
