package io.countersign.gateway.web;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.countersign.api.http.Idempotency;
import io.countersign.api.paging.Page;
import io.countersign.api.paging.PageRequest;
import io.countersign.approval.ApprovalId;
import io.countersign.gateway.ApiClient;
import io.countersign.gateway.Clients;
import io.countersign.identity.CurrentUser;
import io.countersign.identity.TeamId;
import io.countersign.identity.UserId;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/projects/{project}/clients")
@Tag(name = "Clients")
class ClientsResource {

    private static final String WIDENING =
            "Networks within those that were approved for a route hold at once. For others each attachment has a request,"
                    + " named in approval_ids of a 202; what was approved before stays in force until that is approved"
                    + " and deployed.";

    private final Clients clients;
    private final Idempotency idempotency;

    ClientsResource(Clients clients, Idempotency idempotency) {
        this.clients = clients;
        this.idempotency = idempotency;
    }

    record NewClient(String name, String team, List<String> ipAddresses) {}

    /** A change of a client; null leaves a field as it is. */
    record ClientChange(String team, List<String> ipAddresses) {}

    record Addresses(List<String> ipAddresses) {}

    record ClientView(
            UUID id,
            String name,
            TeamId team,
            List<String> ipAddresses,
            Instant apiKeyIssuedAt,
            boolean deleting,
            UserId createdBy,
            Instant createdAt) {

        static ClientView of(ApiClient client) {
            return new ClientView(
                    client.id(),
                    client.name(),
                    client.team(),
                    client.ipAddresses(),
                    client.keyIssuedAt(),
                    client.deleting(),
                    client.createdBy(),
                    client.createdAt());
        }
    }

    /** @param approvalIds the requests that new addresses wait for; empty if all are in force */
    record ChangedView(@JsonUnwrapped ClientView client, List<ApprovalId> approvalIds) {}

    /** @param apiKey shown only once; null when a request is repeated with its Idempotency-Key, as it is not stored */
    record IssuedView(UUID id, String name, TeamId team, List<String> ipAddresses, String apiKey) {

        static IssuedView of(ApiClient client, String apiKey) {
            return new IssuedView(client.id(), client.name(), client.team(), client.ipAddresses(), apiKey);
        }
    }

    /** @param approvalIds the detachments that the deletion waits for */
    record DeletionView(String id, String status, List<ApprovalId> approvalIds) {}

    @GetMapping
    @Operation(summary = "Lists a project's clients, newest first")
    Page<ClientView> list(
            @PathVariable String project,
            @RequestParam(required = false) Integer limit,
            @RequestParam(required = false) String cursor) {
        return clients.list(CurrentUser.get(), project, PageRequest.of(limit, cursor))
                .map(ClientView::of);
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    @Operation(summary = "Adds a client and shows its API key, this once")
    IssuedView create(
            @PathVariable String project,
            @RequestHeader(name = "Idempotency-Key", required = false) String key,
            @RequestBody NewClient body) {
        UserId caller = CurrentUser.get();
        // The stored response must not contain the key, so it is passed separately.
        AtomicReference<String> issued = new AtomicReference<>();
        IssuedView answer = idempotency.once(
                caller.value(),
                "POST /projects/" + project + "/clients",
                Optional.ofNullable(key),
                body,
                IssuedView.class,
                () -> {
                    Clients.Issued created =
                            clients.create(caller, project, body.name(), body.team(), body.ipAddresses());
                    issued.set(created.apiKey());
                    return IssuedView.of(created.client(), null);
                });
        return new IssuedView(answer.id(), answer.name(), answer.team(), answer.ipAddresses(), issued.get());
    }

    @GetMapping("/{id}")
    @Operation(summary = "Shows a client, without its key")
    ClientView get(@PathVariable String project, @PathVariable String id) {
        return ClientView.of(clients.get(CurrentUser.get(), project, id));
    }

    @PatchMapping("/{id}")
    @Transactional
    @Operation(summary = "Changes a client's team or addresses", description = WIDENING)
    ResponseEntity<ChangedView> change(
            @PathVariable String project, @PathVariable String id, @RequestBody ClientChange body) {
        UserId caller = CurrentUser.get();
        List<ApprovalId> waiting = body.ipAddresses() == null
                ? List.of()
                : clients.setAddresses(caller, project, id, body.ipAddresses()).waiting();
        if (body.team() != null) {
            clients.setTeam(caller, project, id, body.team());
        }
        return changed(clients.get(caller, project, id), waiting);
    }

    @DeleteMapping("/{id}")
    @Operation(summary = "Deletes a client: at once, or after its detachments are approved and deployed")
    ResponseEntity<DeletionView> delete(@PathVariable String project, @PathVariable String id) {
        Clients.Deletion deletion = clients.delete(CurrentUser.get(), project, id);
        return deletion.gone()
                ? ResponseEntity.noContent().build()
                : ResponseEntity.accepted().body(new DeletionView(id, "deleting", deletion.detachments()));
    }

    @PostMapping("/{id}/api-keys")
    @ResponseStatus(HttpStatus.CREATED)
    @Operation(summary = "Issues a new API key and shows it, this once; the present key ends")
    IssuedView rotateKey(@PathVariable String project, @PathVariable String id) {
        Clients.Issued issued = clients.rotateKey(CurrentUser.get(), project, id);
        return IssuedView.of(issued.client(), issued.apiKey());
    }

    @PutMapping("/{id}/ip-addresses")
    @Operation(summary = "Sets where a client may call from", description = WIDENING)
    ResponseEntity<ChangedView> setAddresses(
            @PathVariable String project, @PathVariable String id, @RequestBody Addresses body) {
        Clients.AddressChange change = clients.setAddresses(CurrentUser.get(), project, id, body.ipAddresses());
        return changed(change.client(), change.waiting());
    }

    private static ResponseEntity<ChangedView> changed(ApiClient client, List<ApprovalId> waiting) {
        return ResponseEntity.status(waiting.isEmpty() ? HttpStatus.OK : HttpStatus.ACCEPTED)
                .body(new ChangedView(ClientView.of(client), waiting));
    }
}
