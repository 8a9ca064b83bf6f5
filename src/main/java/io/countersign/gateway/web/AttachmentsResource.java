package io.countersign.gateway.web;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.countersign.api.FailedTry;
import io.countersign.api.http.Idempotency;
import io.countersign.api.paging.Page;
import io.countersign.api.paging.PageRequest;
import io.countersign.api.problem.InvalidInput;
import io.countersign.approval.ApprovalId;
import io.countersign.change.FailedTries;
import io.countersign.gateway.Attachment;
import io.countersign.gateway.AttachmentStatus;
import io.countersign.gateway.Attachments;
import io.countersign.identity.CurrentUser;
import io.countersign.identity.UserId;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/projects/{project}/attachments")
@Tag(name = "Attachments")
class AttachmentsResource {

    private final Attachments attachments;
    private final FailedTries tries;
    private final Idempotency idempotency;

    AttachmentsResource(Attachments attachments, FailedTries tries, Idempotency idempotency) {
        this.attachments = attachments;
        this.tries = tries;
        this.idempotency = idempotency;
    }

    record NewAttachment(String routeId, String clientId) {}

    /** The response to a request: the attachment's status and the approval to follow. */
    record Submitted(UUID id, AttachmentStatus status, ApprovalId approvalId) {

        static Submitted of(Attachment attachment) {
            return new Submitted(
                    attachment.id(), attachment.status(), attachment.request().approval());
        }
    }

    /**
     * An attachment as clients see it.
     *
     * @param route domain and name of the route
     * @param client the client's name
     * @param ipAddresses the networks from which the client is, or will be, admitted; empty for any
     * @param action the action of the present or last request: attach, update or detach
     * @param approvalId the approval of that request
     * @param failed the last attempt of the deployment that carries out the request, if it failed
     */
    record AttachmentView(
            UUID id,
            UUID routeId,
            String route,
            UUID clientId,
            String client,
            AttachmentStatus status,
            List<String> ipAddresses,
            String action,
            ApprovalId approvalId,
            UserId createdBy,
            Instant createdAt,
            Instant updatedAt,
            @JsonUnwrapped FailedTry.Fields failed) {

        static AttachmentView of(Attachments.Named named, Map<UUID, FailedTry> failed) {
            Attachment attachment = named.attachment();
            return new AttachmentView(
                    attachment.id(),
                    attachment.route(),
                    named.route(),
                    attachment.client(),
                    named.client(),
                    attachment.status(),
                    attachment.ipAddresses(),
                    attachment.action(),
                    attachment.request().approval(),
                    attachment.createdBy(),
                    attachment.createdAt(),
                    attachment.updatedAt(),
                    FailedTry.fields(attachment.carriedOutWith().map(failed::get)));
        }
    }

    @GetMapping
    @Operation(summary = "Lists a project's attachments, newest first")
    Page<AttachmentView> list(
            @PathVariable String project,
            @RequestParam(required = false) UUID routeId,
            @RequestParam(required = false) UUID clientId,
            @RequestParam(required = false) String status,
            @RequestParam(required = false) Integer limit,
            @RequestParam(required = false) String cursor) {
        Attachments.Query query = new Attachments.Query(
                Optional.ofNullable(routeId),
                Optional.ofNullable(clientId),
                Optional.ofNullable(status)
                        .map(name -> AttachmentStatus.find(name)
                                .orElseThrow(() -> new InvalidInput("status", "must be the status of an attachment"))));
        Page<Attachments.Named> page =
                attachments.list(CurrentUser.get(), project, query, PageRequest.of(limit, cursor));
        Map<UUID, FailedTry> failed = failed(page.items());
        return page.map(attachment -> AttachmentView.of(attachment, failed));
    }

    @PostMapping
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Operation(summary = "Asks to attach a client to a route; it waits for approval")
    Submitted attach(
            @PathVariable String project,
            @RequestHeader(name = "Idempotency-Key", required = false) String key,
            @RequestBody NewAttachment body) {
        UserId caller = CurrentUser.get();
        return idempotency.once(
                caller.value(),
                "POST /projects/" + project + "/attachments",
                Optional.ofNullable(key),
                body,
                Submitted.class,
                () -> Submitted.of(attachments.attach(caller, project, body.routeId(), body.clientId())));
    }

    @GetMapping("/{id}")
    @Operation(summary = "Shows an attachment")
    AttachmentView get(@PathVariable String project, @PathVariable String id) {
        Attachments.Named attachment = attachments.get(CurrentUser.get(), project, id);
        return AttachmentView.of(attachment, failed(List.of(attachment)));
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Operation(summary = "Asks to detach a client from a route; it waits for approval")
    Submitted detach(@PathVariable String project, @PathVariable String id) {
        return Submitted.of(attachments.detach(CurrentUser.get(), project, id));
    }

    /** @return the failed deployments that carry out these attachments or detachments, by route */
    private Map<UUID, FailedTry> failed(List<Attachments.Named> shown) {
        return tries.of(shown.stream()
                .flatMap(named -> named.attachment().carriedOutWith().stream())
                .toList());
    }
}
