package io.countersign.tenant.orchestrator;

import java.time.Instant;
import java.util.Optional;

/**
 * A platform instance that registers and runs tenants.
 *
 * @param id its id
 * @param name its display name
 * @param contactEmail its operators' address
 * @param url the webhook for changes of its tenants, if any
 * @param clientId its name at sign-in and in the trail
 * @param status whether it may still call
 * @param createdAt when it was provisioned
 * @param lastUsedAt when it last called, to the second; a stale value means lost connectivity
 * @param approvalRequired whether its tenants need approval; empty for the platform's setting
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
