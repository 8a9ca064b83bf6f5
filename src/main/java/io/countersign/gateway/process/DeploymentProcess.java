package io.countersign.gateway.process;

import io.countersign.approval.Approval;
import io.countersign.change.CarriedOutByProcess;
import io.countersign.gateway.Deployments;
import io.countersign.identity.Scope;
import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** {@code route-deployment} carries routes out. */
@Component
class DeploymentProcess implements CarriedOutByProcess {

    private final Deployments deployments;

    DeploymentProcess(Deployments deployments) {
        this.deployments = deployments;
    }

    @Override
    public String process() {
        return GatewayProcess.DEPLOYMENT;
    }

    @Override
    public String variable() {
        return GatewayProcess.ROUTE_ID;
    }

    @Override
    public void gaveUp(UUID route, String rootProcess, String reason) {
        deployments.fail(route, reason);
    }

    @Override
    public Optional<UUID> subjectOf(Approval approval) {
        return deployments.routeOf(approval);
    }

    @Override
    public Optional<Scope> scopeOf(UUID route) {
        return deployments.scopeOf(route);
    }
}
