package io.countersign.gateway.process;

import io.countersign.api.http.ProcessSubject;
import io.countersign.approval.ApprovalId;
import java.util.Map;
import java.util.UUID;
import org.camunda.bpm.engine.delegate.DelegateExecution;

/** Names that the models of this module use. */
final class GatewayProcess {

    /** The user task that waits for a person to deploy. */
    static final String DEPLOY_ROUTE = "deploy-route";

    /** The process that applies a client's credentials to the target. */
    static final String CLIENT_ACCESS = "client-access";

    /** The message that ends the process of an attachment's request that was carried out. */
    static final String SETTLED = "attachment.settled";

    /** The variable that names the route. */
    static final String ROUTE_ID = "routeId";

    /** The variable that names the approval. */
    static final String APPROVAL_ID = "approvalId";

    private static final String CLIENT_ID = "clientId";

    /** The endpoints that start the processes. */
    private static final String RESOURCES = "POST /api/v1/projects/{project}/domains/{domain}/routes";

    private GatewayProcess() {}

    /** @return the variables of {@link #CLIENT_ACCESS} */
    static Map<String, Object> ofClientAccess(UUID client) {
        return Map.of(CLIENT_ID, client.toString());
    }

    /** @return the route that an execution is about */
    static UUID routeId(DelegateExecution execution) {
        return id(execution, ROUTE_ID);
    }

    /** @return the approval that an execution is about */
    static ApprovalId approvalId(DelegateExecution execution) {
        return new ApprovalId(id(execution, APPROVAL_ID));
    }

    private static UUID id(DelegateExecution execution, String variable) {
        return ProcessSubject.id(execution.getVariable(variable), variable, RESOURCES);
    }
}
