package io.countersign.tenant.web;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.api.paging.Page;
import io.countersign.api.paging.PageRequest;
import io.countersign.api.problem.InvalidInput;
import io.countersign.identity.CurrentUser;
import io.countersign.tenant.TenantSettings;
import io.countersign.tenant.orchestrator.Orchestrator;
import io.countersign.tenant.orchestrator.OrchestratorId;
import io.countersign.tenant.orchestrator.OrchestratorStatus;
import io.countersign.tenant.orchestrator.Orchestrators;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.time.Instant;
import java.util.Optional;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1")
@Tag(name = "Orchestrators")
class OrchestratorsResource {

    private final Orchestrators orchestrators;
    private final TenantSettings settings;

    OrchestratorsResource(Orchestrators orchestrators, TenantSettings settings) {
        this.orchestrators = orchestrators;
        this.settings = settings;
    }

    record NewOrchestrator(String name, String contactEmail, String url, Boolean approvalRequired) {}

    /** Fields left out stay as they are; {@code url} and {@code approval_required} may be set to null. */
    record OrchestratorChange(String name, String contactEmail, JsonNode url, JsonNode approvalRequired) {

        Orchestrators.Details appliedTo(Orchestrators.Details present) {
            return new Orchestrators.Details(
                    name == null ? present.name() : name,
                    contactEmail == null ? present.contactEmail() : contactEmail,
                    url == null ? present.url() : text(url),
                    approvalRequired == null ? present.approvalRequired() : truth(approvalRequired));
        }
    }

    record SettingsBody(@NotNull Boolean approvalRequired) {}

    record OrchestratorView(
            OrchestratorId id,
            String name,
            String contactEmail,
            String url,
            String clientId,
            OrchestratorStatus status,
            Instant created,
            Instant lastUsed,
            Boolean approvalRequired) {

        static OrchestratorView of(Orchestrator orchestrator) {
            return new OrchestratorView(
                    orchestrator.id(),
                    orchestrator.name(),
                    orchestrator.contactEmail(),
                    orchestrator.url().orElse(null),
                    orchestrator.clientId(),
                    orchestrator.status(),
                    orchestrator.createdAt(),
                    orchestrator.lastUsedAt().orElse(null),
                    orchestrator.approvalRequired().orElse(null));
        }
    }

    /** The only response that contains the two secrets. */
    record ProvisionedView(
            OrchestratorId id,
            String name,
            String contactEmail,
            String url,
            String clientId,
            String clientSecret,
            String webhookSigningKey,
            OrchestratorStatus status,
            Instant created,
            Boolean approvalRequired) {

        static ProvisionedView of(Orchestrators.Provisioned provisioned) {
            Orchestrator orchestrator = provisioned.orchestrator();
            return new ProvisionedView(
                    orchestrator.id(),
                    orchestrator.name(),
                    orchestrator.contactEmail(),
                    orchestrator.url().orElse(null),
                    orchestrator.clientId(),
                    provisioned.clientSecret(),
                    provisioned.webhookSigningKey(),
                    orchestrator.status(),
                    orchestrator.createdAt(),
                    orchestrator.approvalRequired().orElse(null));
        }
    }

    @GetMapping("/orchestrators")
    @Operation(summary = "Lists orchestrators, newest first; for superadmins")
    Page<OrchestratorView> list(
            @RequestParam(required = false) Integer limit, @RequestParam(required = false) String cursor) {
        return orchestrators
                .list(CurrentUser.get(), PageRequest.of(limit, cursor))
                .map(OrchestratorView::of);
    }

    @PostMapping("/orchestrators")
    @Operation(
            summary = "Provisions an orchestrator; for superadmins",
            description =
                    "The answer contains the client secret and the webhook signing key, which are never shown again."
                            + " It accepts no Idempotency-Key, because answers to such requests are stored and secrets must not be.")
    ResponseEntity<ProvisionedView> provision(@RequestBody NewOrchestrator body) {
        Orchestrators.Details details = new Orchestrators.Details(
                body.name(),
                body.contactEmail(),
                Optional.ofNullable(body.url()),
                Optional.ofNullable(body.approvalRequired()));
        return ResponseEntity.status(HttpStatus.CREATED)
                .cacheControl(CacheControl.noStore())
                .body(ProvisionedView.of(orchestrators.provision(CurrentUser.get(), details)));
    }

    @GetMapping("/orchestrators/{id}")
    @Operation(summary = "Shows an orchestrator; for superadmins")
    OrchestratorView get(@PathVariable String id) {
        return OrchestratorView.of(orchestrators.get(CurrentUser.get(), OrchestratorId.parse(id)));
    }

    @PatchMapping("/orchestrators/{id}")
    @Operation(summary = "Changes an orchestrator's details; for superadmins")
    OrchestratorView update(@PathVariable String id, @RequestBody OrchestratorChange change) {
        return OrchestratorView.of(
                orchestrators.update(CurrentUser.get(), OrchestratorId.parse(id), change::appliedTo));
    }

    @DeleteMapping("/orchestrators/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Deprovisions an orchestrator with immediate effect; for superadmins")
    void deprovision(@PathVariable String id) {
        orchestrators.deprovision(CurrentUser.get(), OrchestratorId.parse(id));
    }

    @GetMapping("/tenant-settings")
    @Operation(summary = "Shows whether tenants need approval unless their orchestrator specifies it; for superadmins")
    TenantSettings.Values settings() {
        return settings.get(CurrentUser.get());
    }

    @PutMapping("/tenant-settings")
    @Operation(summary = "Sets whether tenants need approval unless their orchestrator specifies it; for superadmins")
    TenantSettings.Values changeSettings(@Valid @RequestBody SettingsBody body) {
        return settings.set(CurrentUser.get(), new TenantSettings.Values(body.approvalRequired()));
    }

    private static Optional<String> text(JsonNode node) {
        if (!node.isNull() && !node.isTextual()) {
            throw new InvalidInput("url", "must be a string or null");
        }
        return Optional.ofNullable(node.textValue());
    }

    private static Optional<Boolean> truth(JsonNode node) {
        if (!node.isNull() && !node.isBoolean()) {
            throw new InvalidInput("approval_required", "must be true, false or null");
        }
        return node.isNull() ? Optional.empty() : Optional.of(node.booleanValue());
    }
}
