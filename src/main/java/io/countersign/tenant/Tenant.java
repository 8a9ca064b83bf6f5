package io.countersign.tenant;

import io.countersign.approval.ApprovalId;
import io.countersign.tenant.feature.Features;
import io.countersign.tenant.orchestrator.OrchestratorId;
import java.time.Instant;
import java.util.List;

/**
 * A tenant, as its orchestrator registered it.
 *
 * @param id identifies the registration
 * @param orchestrator who registered it
 * @param orchestratorName that orchestrator's name at the time
 * @param orchestratorClientId that orchestrator's client id
 * @param tenantId the orchestrator's own name for it, the business key in the engine
 * @param name its name for people
 * @param contactEmail where its people are reached
 * @param status where it is in its life
 * @param latest whether this is the tenant's last registration; the others are history
 * @param features what is switched on while it is active
 * @param approvalId the approval of the registration
 * @param processInstanceId the lifecycle's instance in the engine
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

    /** What approvers are shown and decide on . */
    public record Content(
            String name, String tenantId, String orchestrator, String orchestratorClientId, String contactEmail) {}

    /** @return what was asked for, as approved and as carried out */
    public Content content() {
        return new Content(name, tenantId, orchestratorName, orchestratorClientId, contactEmail);
    }

    /** @return the events that are valid now */
    public List<TenantEvent> validEvents() {
        return TenantLifecycle.TABLE.possibleIn(status);
    }
}
