package io.countersign.tenant.web;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.countersign.api.FailedTry;
import io.countersign.api.http.Idempotency;
import io.countersign.api.paging.Page;
import io.countersign.api.paging.PageRequest;
import io.countersign.api.problem.InvalidInput;
import io.countersign.approval.ApprovalId;
import io.countersign.identity.CurrentUser;
import io.countersign.tenant.RegistrationId;
import io.countersign.tenant.Tenant;
import io.countersign.tenant.TenantEvent;
import io.countersign.tenant.TenantStatus;
import io.countersign.tenant.TenantTries;
import io.countersign.tenant.Tenants;
import io.countersign.tenant.feature.Feature;
import io.countersign.tenant.feature.Features;
import io.countersign.tenant.orchestrator.Orchestrator;
import io.countersign.tenant.orchestrator.OrchestratorId;
import io.countersign.tenant.orchestrator.OrchestratorTokens;
import io.countersign.tenant.orchestrator.Orchestrators;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.oauth2.core.OAuth2AuthenticatedPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/tenants")
@Tag(name = "Tenants")
class TenantsResource {

    private final Tenants tenants;
    private final Orchestrators orchestrators;
    private final TenantTries tries;
    private final Idempotency idempotency;

    TenantsResource(Tenants tenants, Orchestrators orchestrators, TenantTries tries, Idempotency idempotency) {
        this.tenants = tenants;
        this.orchestrators = orchestrators;
        this.tries = tries;
        this.idempotency = idempotency;
    }

    record NewTenant(String tenantId, String name, String contactEmail) {}

    record Registered(String id, String tenantId, String name, String contactEmail, TenantStatus status) {}

    /** A response that may be stored for a repeated Idempotency-Key. */
    record Kept(boolean created, Registered registered) {}

    record Reason(String reason, String comment) {

        /** Two names for the same field: approvals call it comment, the lifecycle reason. */
        static String of(Reason body) {
            return body == null ? null : body.reason() != null ? body.reason() : body.comment();
        }
    }

    record FeatureChange(Boolean suricata, Boolean wireguardIot) {}

    record TenantView(
            RegistrationId id,
            String tenantId,
            String name,
            String contactEmail,
            OrchestratorId orchestrator,
            String orchestratorName,
            TenantStatus status,
            List<TenantEvent> validTransitions,
            Features features,
            boolean latest,
            ApprovalId approvalId,
            Instant registeredAt,
            Instant statusChangedAt,
            @JsonUnwrapped FailedTry.Fields failed) {

        static TenantView of(Tenant tenant, Map<RegistrationId, FailedTry> failed) {
            return new TenantView(
                    tenant.id(),
                    tenant.tenantId(),
                    tenant.name(),
                    tenant.contactEmail(),
                    tenant.orchestrator(),
                    tenant.orchestratorName(),
                    tenant.status(),
                    tenant.validEvents(),
                    tenant.features(),
                    tenant.latest(),
                    tenant.approvalId(),
                    tenant.registeredAt(),
                    tenant.statusChangedAt(),
                    FailedTry.fields(Optional.ofNullable(failed.get(tenant.id()))));
        }
    }

    @PostMapping
    @Operation(
            summary = "Registers a tenant; for orchestrators",
            description = "201 for a new registration. 200 with what exists if the tenant is registered already and was"
                    + " not rejected; what exists is not changed.")
    ResponseEntity<Registered> register(
            @Parameter(hidden = true) @AuthenticationPrincipal OAuth2AuthenticatedPrincipal caller,
            @RequestBody NewTenant body,
            @RequestHeader(name = "Idempotency-Key", required = false) String idempotencyKey) {
        OrchestratorId id = caller.getAttribute(OrchestratorTokens.ORCHESTRATOR);
        Orchestrator orchestrator = orchestrators.find(id).orElseThrow();
        Kept kept = idempotency.once(
                "orchestrator:" + orchestrator.clientId(),
                "POST /tenants",
                Optional.ofNullable(idempotencyKey),
                body,
                Kept.class,
                () -> {
                    Tenants.Registration registration =
                            tenants.register(orchestrator, body.tenantId(), body.name(), body.contactEmail());
                    Tenant tenant = registration.tenant();
                    return new Kept(
                            registration.created(),
                            new Registered(
                                    tenant.id().toString(),
                                    tenant.tenantId(),
                                    tenant.name(),
                                    tenant.contactEmail(),
                                    tenant.status()));
                });
        return ResponseEntity.status(kept.created() ? HttpStatus.CREATED : HttpStatus.OK)
                .body(kept.registered());
    }

    @GetMapping
    @Operation(summary = "Lists registrations, newest first; for superadmins")
    Page<TenantView> list(
            @RequestParam(required = false) String status,
            @RequestParam(required = false) String orchestrator,
            @RequestParam(required = false) String q,
            @RequestParam(required = false) Integer limit,
            @RequestParam(required = false) String cursor) {
        Tenants.Query query = new Tenants.Query(
                Optional.ofNullable(status)
                        .map(name -> TenantStatus.find(name)
                                .orElseThrow(() -> new InvalidInput(
                                        "status", "must be pending_approval, active, suspended or rejected"))),
                Optional.ofNullable(orchestrator).map(OrchestratorId::parse),
                Optional.ofNullable(q),
                false);
        Page<Tenant> page = tenants.list(CurrentUser.get(), query, PageRequest.of(limit, cursor));
        Map<RegistrationId, FailedTry> failed = tries.of(page.items());
        return page.map(tenant -> TenantView.of(tenant, failed));
    }

    @GetMapping("/{id}")
    @Operation(summary = "Shows a tenant; for superadmins")
    TenantView get(@PathVariable String id) {
        return view(tenants.get(CurrentUser.get(), RegistrationId.parse(id)));
    }

    @PostMapping("/{id}/approve")
    @Operation(summary = "Approves a pending tenant; for superadmins")
    TenantView approve(@PathVariable String id, @RequestBody(required = false) Reason body) {
        return view(tenants.approve(CurrentUser.get(), RegistrationId.parse(id), Reason.of(body)));
    }

    @PostMapping("/{id}/reject")
    @Operation(
            summary = "Rejects a pending tenant; for superadmins",
            description = "Where no reason is given, \"No reason given.\" is recorded as the reason.")
    TenantView reject(@PathVariable String id, @RequestBody(required = false) Reason body) {
        return view(tenants.reject(CurrentUser.get(), RegistrationId.parse(id), Reason.of(body)));
    }

    @PostMapping("/{id}/suspend")
    @Operation(summary = "Suspends an active tenant; for superadmins")
    TenantView suspend(@PathVariable String id, @RequestBody(required = false) Reason body) {
        return view(tenants.suspend(CurrentUser.get(), RegistrationId.parse(id), Reason.of(body)));
    }

    @PostMapping("/{id}/reactivate")
    @Operation(summary = "Reactivates a suspended tenant; for superadmins")
    TenantView reactivate(@PathVariable String id, @RequestBody(required = false) Reason body) {
        return view(tenants.reactivate(CurrentUser.get(), RegistrationId.parse(id), Reason.of(body)));
    }

    @PutMapping("/{id}/features")
    @Operation(
            summary = "Switches features on or off; for superadmins",
            description = "A feature left out stays as it is. The orchestrator learns of it at its next sync.")
    TenantView setFeatures(@PathVariable String id, @RequestBody FeatureChange change) {
        Map<Feature, Boolean> changes = new EnumMap<>(Feature.class);
        Optional.ofNullable(change.suricata()).ifPresent(on -> changes.put(Feature.SURICATA, on));
        Optional.ofNullable(change.wireguardIot()).ifPresent(on -> changes.put(Feature.WIREGUARD_IOT, on));
        return view(tenants.setFeatures(CurrentUser.get(), RegistrationId.parse(id), changes));
    }

    private TenantView view(Tenant tenant) {
        return TenantView.of(tenant, tries.of(List.of(tenant)));
    }
}
