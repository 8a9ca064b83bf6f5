package io.countersign.tenant;

import io.countersign.approval.ApprovalId;
import io.countersign.tenant.feature.Features;
import io.countersign.tenant.orchestrator.OrchestratorId;
import java.time.Instant;
import java.util.List;

/**
 * A tenant as registered by its orchestrator.
 *
 * @param id identifies the registration
 * @param orchestrator the orchestrator
 * @param orchestratorName that orchestrator's name at the time
 * @param orchestratorClientId that orchestrator's client id
 * @param tenantId the orchestrator's own id for it, the business key in the engine
 * @param name its display name
 * @param contactEmail its contact's address
 * @param status its status
 * @param latest whether this is the tenant's last registration; the others are history
 * @param features the features enabled while it is active
 * @param approvalId the approval of the registration
 * @param processInstanceId the lifecycle's process instance in the engine
 * @param registeredAt when it was registered
 * @param statusChangedAt since when it has this status
 */
public record Tenant(
        RegistrationId id,
        OrchestratorId orchestrator,
        String orchestratorName,
        String orchestratorClientId,
        String tenantId,
        String name,
        String contactEmail,
        TenantStatus status,
        boolean latest,
        Features features,
        ApprovalId approvalId,
        String processInstanceId,
        Instant registeredAt,
        Instant statusChangedAt) {

    /** The content that approvers see and decide on. */
    public record Content(
            String name, String tenantId, String orchestrator, String orchestratorClientId, String contactEmail) {}

    /** @return the request's content, as approved and as applied */
    public Content content() {
        return new Content(name, tenantId, orchestratorName, orchestratorClientId, contactEmail);
    }

    /** @return the events that are valid now */
    public List<TenantEvent> validEvents() {
        return TenantLifecycle.TABLE.possibleIn(status);
    }
}
