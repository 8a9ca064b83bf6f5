package io.countersign.gateway;

import io.countersign.api.http.Networks;
import io.countersign.api.problem.Conflict;
import io.countersign.api.problem.ErrorCode;
import io.countersign.approval.ApprovalId;
import io.countersign.approval.CanonicalJson;
import io.countersign.identity.UserId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The link of a client to a route, as recorded. Its state changes return the changed attachment, or refuse if
 * {@link AttachmentLifecycle} has no such row.
 *
 * @param id its id
 * @param project the project it belongs to
 * @param route the route
 * @param client the client
 * @param status its status
 * @param ipAddresses the networks from which the client may call the route, in CIDR notation; empty for any
 * @param attach the request that allows it: the one to attach, or the last carried-out one for further networks
 * @param update a request for further networks that is not yet carried out
 * @param detach the request to end it; empty if there is none or it was refused
 * @param released whether the deployment under way writes the approved request to the target
 * @param process the process instance of its last request
 * @param createdBy who requested it
 * @param createdAt when
 * @param updatedAt when it last changed
 */
public record Attachment(
        UUID id,
        String project,
        UUID route,
        UUID client,
        AttachmentStatus status,
        List<String> ipAddresses,
        Request attach,
        Optional<Request> update,
        Optional<Request> detach,
        boolean released,
        Optional<String> process,
        UserId createdBy,
        Instant createdAt,
        Instant updatedAt) {

    /** The action of a request to attach. */
    public static final String ATTACH = "attach";

    /** The action of a request for further networks. */
    public static final String UPDATE = "update";

    /** The action of a request to detach. */
    public static final String DETACH = "detach";

    /**
     * A request that was submitted.
     *
     * @param content the requested content, as canonical JSON
     * @param approval its approval
     */
    public record Request(String content, ApprovalId approval) {}

    /**
     * The content that an approver agrees to: this client may, or may no longer, call this route.
     *
     * @param routeId the route
     * @param route its domain and name
     * @param clientId the client
     * @param client its name
     * @param team the team that the client belongs to
     * @param ipAddresses the networks it may call from, in CIDR notation, or the word {@code any}, since deciders would
     *     read an empty list as none
     */
    public record Content(
            UUID routeId, String route, UUID clientId, String client, String team, List<String> ipAddresses) {

        private static final List<String> ANY = List.of("any");

        public Content {
            ipAddresses = ipAddresses == null || ipAddresses.isEmpty() ? ANY : List.copyOf(ipAddresses);
        }

        /** @return the networks from which it may call; empty for any */
        List<String> networks() {
            return ipAddresses.equals(ANY) ? List.of() : ipAddresses;
        }
    }

    /** @return whether networks lie within others; an empty list means any address */
    static boolean within(List<String> networks, List<String> others) {
        return others.isEmpty() || !networks.isEmpty() && Networks.covers(others, networks);
    }

    /** @return the open request, or else the one decided last */
    public Request request() {
        return detach.or(() -> update).orElse(attach);
    }

    /** @return the action of {@link #request()}: attach, update or detach */
    public String action() {
        return detach.isPresent() ? DETACH : update.isPresent() ? UPDATE : ATTACH;
    }

    /** @return the request that grants access: it covers {@link #ipAddresses()} */
    Request grant() {
        return released ? update.orElse(attach) : attach;
    }

    /** @return whether a request waits for the route's next deployment; an update may still need approval */
    public boolean waitsForDeployment() {
        return status == AttachmentStatus.APPROVED || status == AttachmentStatus.ACTIVE && update.isPresent();
    }

    /** @return the route whose deployment carries out the approved request; empty if none does at the moment */
    public Optional<UUID> carriedOutWith() {
        return waitsForDeployment() && released ? Optional.of(route) : Optional.empty();
    }

    /** @return whether the route must be deployed with this client, now that requests are released */
    boolean deployed() {
        return switch (status) {
            case ACTIVE, PENDING_DETACH -> true;
            case APPROVED -> detach.isPresent() != released;
            case PENDING_ATTACH, REJECTED, REMOVED -> false;
        };
    }

    /** @return this attachment with a request to end it */
    Attachment detachSubmitted(Request request, Instant now) {
        if (status == AttachmentStatus.PENDING_ATTACH
                || status == AttachmentStatus.PENDING_DETACH
                || status == AttachmentStatus.APPROVED
                || update.isPresent()) {
            throw new Conflict(ErrorCode.REQUEST_PENDING, "Another request about this attachment is still open.");
        }
        return with(
                AttachmentLifecycle.TABLE.after(status, AttachmentEvent.SUBMIT_DETACH),
                ipAddresses,
                attach,
                update,
                Optional.of(request),
                false,
                now);
    }

    /** @return this attachment with a request for further networks */
    Attachment updateSubmitted(Request request, Instant now) {
        if (status != AttachmentStatus.ACTIVE || update.isPresent()) {
            throw new Conflict(
                    ErrorCode.REQUEST_PENDING,
                    "Another request about this attachment is still open. Decide or cancel it before adding networks.");
        }
        return with(status, ipAddresses, attach, Optional.of(request), detach, false, now);
    }

    /** @return this attachment narrowed to networks within those it has */
    Attachment narrowed(List<String> networks, Instant now) {
        return with(status, networks, attach, update, detach, released, now);
    }

    /** @return this attachment after its request was approved in full */
    Attachment approved(Instant now) {
        return update.isPresent()
                ? this
                : with(
                        AttachmentLifecycle.TABLE.after(status, AttachmentEvent.APPROVE),
                        ipAddresses,
                        attach,
                        update,
                        detach,
                        false,
                        now);
    }

    /** @return this attachment after its request was rejected or cancelled */
    Attachment refused(Instant now) {
        if (update.isPresent()) {
            return with(status, ipAddresses, attach, Optional.empty(), detach, false, now);
        }
        AttachmentEvent event = detach.isPresent() ? AttachmentEvent.REFUSE_DETACH : AttachmentEvent.REFUSE_ATTACH;
        return with(
                AttachmentLifecycle.TABLE.after(status, event),
                ipAddresses,
                attach,
                update,
                Optional.empty(),
                false,
                now);
    }

    /** @return this attachment, committed to the first write of its approved request */
    Attachment release(Instant now) {
        return with(
                status,
                update.map(Request::content)
                        .map(content ->
                                CanonicalJson.read(content, Content.class).networks())
                        .orElse(ipAddresses),
                attach,
                update,
                detach,
                true,
                now);
    }

    /** @return this attachment after the deployment that carried out its request */
    Attachment settled(Instant now) {
        if (update.isPresent()) {
            return with(status, ipAddresses, update.get(), Optional.empty(), detach, false, now);
        }
        AttachmentEvent event = detach.isPresent() ? AttachmentEvent.REMOVE : AttachmentEvent.ACTIVATE;
        return with(AttachmentLifecycle.TABLE.after(status, event), ipAddresses, attach, update, detach, false, now);
    }

    /** @return this attachment after its route is gone */
    Attachment routeLost(Instant now) {
        return with(
                AttachmentLifecycle.TABLE.after(status, AttachmentEvent.LOSE_ROUTE),
                ipAddresses,
                attach,
                update,
                detach,
                false,
                now);
    }

    private Attachment with(
            AttachmentStatus nextStatus,
            List<String> nextAddresses,
            Request nextAttach,
            Optional<Request> nextUpdate,
            Optional<Request> nextDetach,
            boolean nextReleased,
            Instant now) {
        return new Attachment(
                id,
                project,
                route,
                client,
                nextStatus,
                nextAddresses,
                nextAttach,
                nextUpdate,
                nextDetach,
                nextReleased,
                process,
                createdBy,
                createdAt,
                now);
    }
}
