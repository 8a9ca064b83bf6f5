package io.countersign.gateway.process;

import io.countersign.approval.requests.Approvals;
import io.countersign.identity.Permission;
import io.countersign.identity.membership.GroupNames;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

/**
 * Determines who is asked to deploy a route, from the record, never from a process variable. Public because expressions
 * can only call public classes.
 */
@Component("routeDeployment")
public class RouteDeployment {

    private final Approvals approvals;

    RouteDeployment(Approvals approvals) {
        this.approvals = approvals;
    }

    /** @return the group of people with the permission to deploy in the route's project */
    public String permissionHolders(DelegateExecution execution) {
        return GroupNames.holders(
                approvals.get(GatewayProcess.approvalId(execution)).scope(), Permission.ROUTE_DEPLOY);
    }
}
