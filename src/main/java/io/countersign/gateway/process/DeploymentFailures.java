package io.countersign.gateway.process;

import io.countersign.engine.JobGaveUp;
import io.countersign.gateway.Deployments;
import java.util.UUID;
import org.camunda.bpm.engine.RuntimeService;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Tells the route when a job of its deployment gave up. */
@Component
class DeploymentFailures {

    private final RuntimeService runtime;
    private final Deployments deployments;

    DeploymentFailures(@Lazy RuntimeService runtime, Deployments deployments) {
        this.runtime = runtime;
        this.deployments = deployments;
    }

    @EventListener
    void jobGaveUp(JobGaveUp event) {
        if (event.processDefinitionKey().equals(GatewayProcess.DEPLOYMENT)) {
            String route = (String) runtime.getVariable(event.processInstanceId(), GatewayProcess.ROUTE_ID);
            deployments.fail(UUID.fromString(route), event.reason());
        }
    }
}
