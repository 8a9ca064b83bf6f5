package io.countersign.tenant.orchestrator;

import java.time.Instant;
import java.util.Optional;

/**
 * A platform instance that registers and runs tenants (more-facts.md, "Tenants").
 *
 * @param id its id
 * @param name its name for people
 * @param contactEmail where its operators are reached
 * @param url where changes of its tenants are announced by webhook, if anywhere
 * @param clientId the name it signs in with, also its name in the trail
 * @param status whether it may still call
 * @param createdAt when it was provisioned
 * @param lastUsedAt when it called last, to the second; a stale value means lost connectivity
 * @param approvalRequired whether its tenants need approval; empty as the platform says
 */
public record Orchestrator(
        OrchestratorId id,
        String name,
        String contactEmail,
        Optional<String> url,
        String clientId,
        OrchestratorStatus status,
        Instant createdAt,
        Optional<Instant> lastUsedAt,
        Optional<Boolean> approvalRequired) {}
