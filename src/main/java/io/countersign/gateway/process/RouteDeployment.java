package io.countersign.gateway.process;

import io.countersign.approval.requests.Approvals;
import io.countersign.gateway.Deployments;
import io.countersign.gateway.GatewayProperties;
import io.countersign.identity.Permission;
import io.countersign.identity.membership.GroupNames;
import java.util.Date;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

/**
 * What models ask about a route's deployment: always the record, never a process variable. Public, since expressions
 * find methods of public classes only.
 */
@Component("routeDeployment")
public class RouteDeployment {

    private final Deployments deployments;
    private final Approvals approvals;
    private final GatewayProperties properties;

    RouteDeployment(Deployments deployments, Approvals approvals, GatewayProperties properties) {
        this.deployments = deployments;
        this.approvals = approvals;
        this.properties = properties;
    }

    /** @return whether the deployment is done */
    public boolean isFinished(DelegateExecution execution) {
        return deployments.isFinished(GatewayProcess.routeId(execution));
    }

    /** @return the inbox of those who may deploy */
    public String deployers(DelegateExecution execution) {
        return GroupNames.holders(
                approvals.get(GatewayProcess.approvalId(execution)).scope(), Permission.ROUTE_DEPLOY);
    }

    /** @return when a deployment that waits for a freeze window should look again */
    public Date freezeEnds(DelegateExecution execution) {
        return Date.from(deployments.freezeEnds(GatewayProcess.routeId(execution)));
    }

    /** @return how long to wait before the next look, as an ISO 8601 duration */
    public String getCheckInterval() {
        return properties.checkInterval().toString();
    }
}
