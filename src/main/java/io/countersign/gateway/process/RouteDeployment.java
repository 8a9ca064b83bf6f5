package io.countersign.gateway.process;

import io.countersign.approval.requests.Approvals;
import io.countersign.identity.Permission;
import io.countersign.identity.membership.GroupNames;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

/**
 * Who is asked to deploy a route: always by the record, never by a process variable. Public, since expressions find
 * methods of public classes only.
 */
@Component("routeDeployment")
public class RouteDeployment {

    private final Approvals approvals;

    RouteDeployment(Approvals approvals) {
        this.approvals = approvals;
    }

    /** @return the group of those who hold the permission to deploy in the project of the route */
    public String permissionHolders(DelegateExecution execution) {
        return GroupNames.holders(
                approvals.get(GatewayProcess.approvalId(execution)).scope(), Permission.ROUTE_DEPLOY);
    }
}
