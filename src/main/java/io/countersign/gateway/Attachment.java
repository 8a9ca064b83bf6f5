package io.countersign.gateway;

import io.countersign.api.Conflict;
import io.countersign.approval.ApprovalId;
import io.countersign.identity.UserId;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * The link of a client to a route, as recorded. Each method that changes it returns it changed, or refuses if
 * {@link AttachmentLifecycle} has no such line.
 *
 * @param id its id
 * @param project whose it is
 * @param route the route
 * @param client the client
 * @param status how far it is
 * @param attach the request for it
 * @param detach the request to end it, unless there is none or it was refused
 * @param released whether the deployment under way writes the approved request to the target
 * @param process the process instance of its last request
 * @param createdBy who asked for it
 * @param createdAt when
 * @param updatedAt when anything about it changed last
 */
public record Attachment(
        UUID id,
        String project,
        UUID route,
        UUID client,
        AttachmentStatus status,
        Request attach,
        Optional<Request> detach,
        boolean released,
        Optional<String> process,
        UserId createdBy,
        Instant createdAt,
        Instant updatedAt) {

    /** Asks for the link. */
    public static final String ATTACH = "attach";

    /** Asks for its end. */
    public static final String DETACH = "detach";

    /**
     * A request that was submitted.
     *
     * @param content what it asks for, as canonical JSON
     * @param approval its approval
     */
    public record Request(String content, ApprovalId approval) {}

    /**
     * What an approver agrees to: this client may, or may no longer, call this route.
     *
     * @param routeId the route
     * @param route its domain and name
     * @param clientId the client
     * @param client its name
     * @param team the team that the client belongs to
     */
    public record Content(UUID routeId, String route, UUID clientId, String client, String team) {}

    /** @return the request that is open, or was decided last */
    public Request request() {
        return detach.orElse(attach);
    }

    /** @return what {@link #request()} asks for: attach or detach */
    public String action() {
        return detach.isPresent() ? DETACH : ATTACH;
    }

    /** @return whether an approved request waits for the route's next deployment */
    public boolean waitsForDeployment() {
        return status == AttachmentStatus.APPROVED;
    }

    /** @return the route whose deployment carries the approved request out; empty if none does at this time */
    public Optional<UUID> carriedOutWith() {
        return waitsForDeployment() && released ? Optional.of(route) : Optional.empty();
    }

    /** @return whether the route is to be deployed with this client, now that requests are released */
    boolean deployed() {
        return switch (status) {
            case ACTIVE, PENDING_DETACH -> true;
            case APPROVED -> detach.isPresent() != released;
            case PENDING_ATTACH, REJECTED, REMOVED -> false;
        };
    }

    /** @return this attachment after somebody asked to end it */
    Attachment detachSubmitted(Request request, Instant now) {
        if (status == AttachmentStatus.PENDING_ATTACH
                || status == AttachmentStatus.PENDING_DETACH
                || status == AttachmentStatus.APPROVED) {
            throw new Conflict("request_pending", "Another request about this attachment is still open.");
        }
        return with(
                AttachmentLifecycle.TABLE.after(status, AttachmentEvent.SUBMIT_DETACH),
                Optional.of(request),
                false,
                now);
    }

    /** @return this attachment after its request was approved in full */
    Attachment approved(Instant now) {
        return with(AttachmentLifecycle.TABLE.after(status, AttachmentEvent.APPROVE), detach, false, now);
    }

    /** @return this attachment after its request was rejected or cancelled */
    Attachment refused(Instant now) {
        AttachmentEvent event = detach.isPresent() ? AttachmentEvent.REFUSE_DETACH : AttachmentEvent.REFUSE_ATTACH;
        return with(AttachmentLifecycle.TABLE.after(status, event), Optional.empty(), false, now);
    }

    /** @return this attachment when the first write of its approved request is committed to */
    Attachment release(Instant now) {
        return with(status, detach, true, now);
    }

    /** @return this attachment after the deployment that it was handed to */
    Attachment settled(Instant now) {
        AttachmentEvent event = detach.isPresent() ? AttachmentEvent.REMOVE : AttachmentEvent.ACTIVATE;
        return with(AttachmentLifecycle.TABLE.after(status, event), detach, false, now);
    }

    /** @return this attachment after its route is gone */
    Attachment routeLost(Instant now) {
        return with(AttachmentLifecycle.TABLE.after(status, AttachmentEvent.LOSE_ROUTE), detach, false, now);
    }

    private Attachment with(
            AttachmentStatus nextStatus, Optional<Request> nextDetach, boolean nextReleased, Instant now) {
        return new Attachment(
                id,
                project,
                route,
                client,
                nextStatus,
                attach,
                nextDetach,
                nextReleased,
                process,
                createdBy,
                createdAt,
                now);
    }
}
