package io.countersign.gateway.process;

import io.countersign.gateway.Routes;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.JavaDelegate;
import org.springframework.stereotype.Component;

/** Returns a route to the status it had: its request was rejected or cancelled. */
@Component
class RefuseRouteChange implements JavaDelegate {

    private final Routes routes;

    RefuseRouteChange(Routes routes) {
        this.routes = routes;
    }

    @Override
    public void execute(DelegateExecution execution) {
        routes.refused(GatewayProcess.routeId(execution), GatewayProcess.approvalId(execution));
    }
}
