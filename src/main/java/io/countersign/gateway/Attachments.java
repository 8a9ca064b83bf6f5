package io.countersign.gateway;

import io.countersign.api.paging.Page;
import io.countersign.api.paging.PageRequest;
import io.countersign.api.problem.Conflict;
import io.countersign.api.problem.ErrorCode;
import io.countersign.api.problem.Forbidden;
import io.countersign.api.problem.InvalidInput;
import io.countersign.api.problem.NotFound;
import io.countersign.api.problem.Problem;
import io.countersign.approval.Approval;
import io.countersign.approval.ApprovalId;
import io.countersign.approval.EntityType;
import io.countersign.approval.Submission;
import io.countersign.approval.policy.Policies;
import io.countersign.approval.requests.Approvals;
import io.countersign.change.ChangeProcesses;
import io.countersign.change.RequestProcess;
import io.countersign.change.Revocable;
import io.countersign.gateway.Attachment.Content;
import io.countersign.gateway.Attachment.Request;
import io.countersign.gateway.RouteSpec.Access;
import io.countersign.identity.Permission;
import io.countersign.identity.Principal;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * Attachments and the requests to attach and detach. The next deployment of the route carries out an approved request.
 */
@Component
@Transactional
public class Attachments implements Revocable {

    private static final String ENTITY = "attachment";
    private static final RequestProcess PROCESS = new RequestProcess("attachment-change", "attachmentId");

    private final AttachmentStore store;
    private final RouteStore routes;
    private final ClientStore clients;
    private final ProjectAccess access;
    private final Approvals approvals;
    private final Policies policies;
    private final ChangeProcesses processes;
    private final Clock clock;

    Attachments(
            AttachmentStore store,
            RouteStore routes,
            ClientStore clients,
            ProjectAccess access,
            Approvals approvals,
            Policies policies,
            ChangeProcesses processes,
            Clock clock) {
        this.store = store;
        this.routes = routes;
        this.clients = clients;
        this.access = access;
        this.approvals = approvals;
        this.policies = policies;
        this.processes = processes;
        this.clock = clock;
    }

    /**
     * The filter of a list.
     *
     * @param route only of this route
     * @param client only of this client
     * @param status only in this status
     */
    public record Query(Optional<UUID> route, Optional<UUID> client, Optional<AttachmentStatus> status) {

        /** Everything. */
        public static final Query ALL = new Query(Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** An attachment with the display names of its route and client. */
    public record Named(Attachment attachment, String route, String client) {}

    /**
     * @param reader someone who may view clients
     * @return attachments, newest first
     * @throws NotFound if the reader may not see the project
     */
    @Transactional(readOnly = true)
    public Page<Named> list(UserId reader, String project, Query query, PageRequest page) {
        access.requireView(reader, project, Permission.CLIENT_VIEW);
        return store.list(project, query, page).map(this::named);
    }

    /**
     * @return the attachment
     * @throws NotFound if there is none with that id that the reader may see
     */
    @Transactional(readOnly = true)
    public Named get(UserId reader, String project, String id) {
        access.requireView(reader, project, Permission.CLIENT_VIEW);
        return named(inProject(store.find(parse(id)), project, id));
    }

    /**
     * Requests the attachment of a client to a route.
     *
     * @param actor someone who may attach clients
     * @return the attachment, waiting for approval
     * @throws Forbidden unless the actor may attach clients
     * @throws InvalidInput if there is no such route or client, or the route is public
     * @throws Conflict with {@code request_pending} or {@code already_attached} if the two are already linked, with
     *     {@code wrong_state} if the route or client is being deleted
     */
    public Attachment attach(UserId actor, String project, String routeId, String clientId) {
        access.require(actor, project, Permission.CLIENT_ATTACH);
        ApiClient client = client(project, clientId);
        Route route = route(project, routeId);
        if (client.deleting()) {
            throw new Conflict(ErrorCode.WRONG_STATE, "The client is being deleted.");
        }
        refusal(route).ifPresent(refusal -> {
            throw refusal;
        });
        store.findLive(route.id(), client.id()).ifPresent(live -> {
            throw live.status() == AttachmentStatus.ACTIVE
                    ? new Conflict(ErrorCode.ALREADY_ATTACHED, "The client is attached to this route already.")
                    : new Conflict(
                            ErrorCode.REQUEST_PENDING, "Another request about this client and route is still open.");
        });
        UUID id = UUID.randomUUID();
        Instant now = clock.instant();
        Request request = submit(actor, id, route, client, Attachment.ATTACH, client.ipAddresses(), Optional.empty());
        Attachment attachment = new Attachment(
                id,
                project,
                route.id(),
                client.id(),
                AttachmentLifecycle.TABLE.after(null, AttachmentEvent.SUBMIT_ATTACH),
                client.ipAddresses(),
                request,
                Optional.empty(),
                Optional.empty(),
                false,
                Optional.empty(),
                actor,
                now,
                now);
        if (!store.insert(attachment)) {
            throw new Conflict(ErrorCode.REQUEST_PENDING, "Another request about this client and route is still open.");
        }
        store.setProcess(id, processes.start(PROCESS, id, name(route, client), request.approval()));
        return store.find(id).orElseThrow();
    }

    /**
     * @param person anyone
     * @param routes routes of the project that they may see
     * @return those to which the person may now ask to attach clients
     */
    @Transactional(readOnly = true)
    public List<Route> attachable(UserId person, String project, List<Route> routes) {
        return access.find(person, project)
                .filter(member -> member.permissions().contains(Permission.CLIENT_ATTACH))
                .map(member -> routes.stream()
                        .filter(route -> refusal(route).isEmpty())
                        .toList())
                .orElse(List.of());
    }

    /**
     * Requests the detachment of a client from a route.
     *
     * @param actor someone who may detach clients
     * @return the attachment, waiting for approval of its end
     * @throws Forbidden unless the actor may detach clients
     * @throws Conflict with {@code request_pending} while another request is open, {@code wrong_state} if it ended
     */
    public Attachment detach(UserId actor, String project, String id) {
        access.require(actor, project, Permission.CLIENT_DETACH);
        inProject(store.find(parse(id)), project, id);
        return detach(actor, store.lock(parse(id)));
    }

    /** @return the attachment with a request to end it; the caller has checked the permission */
    Attachment detach(UserId actor, Attachment attachment) {
        Route route = routes.find(attachment.route()).orElseThrow();
        ApiClient client = clients.find(attachment.client()).orElseThrow();
        if (attachment.status() != AttachmentStatus.ACTIVE
                || attachment.update().isPresent()) {
            // Refuses before a request is recorded.
            attachment.detachSubmitted(attachment.attach(), clock.instant());
        }
        Request request = submit(
                actor, attachment.id(), route, client, Attachment.DETACH, attachment.ipAddresses(), Optional.empty());
        Attachment submitted = attachment.detachSubmitted(request, clock.instant());
        store.save(submitted);
        store.setProcess(
                attachment.id(), processes.start(PROCESS, attachment.id(), name(route, client), request.approval()));
        return store.find(attachment.id()).orElseThrow();
    }

    /**
     * Asks to let a client call a route from further networks. It keeps the networks it has until the request is
     * approved and deployed.
     *
     * @param actor someone who may change the client's addresses
     * @throws Conflict with {@code request_pending} while another request is open
     */
    Attachment widen(UserId actor, Attachment attachment, List<String> networks) {
        Route route = routes.find(attachment.route()).orElseThrow();
        ApiClient client = clients.find(attachment.client()).orElseThrow();
        // Refuses before a request is recorded.
        attachment.updateSubmitted(attachment.attach(), clock.instant());
        Request request = submit(
                actor,
                attachment.id(),
                route,
                client,
                Attachment.UPDATE,
                networks,
                Optional.of(content(route, client, attachment.ipAddresses())));
        Attachment submitted = attachment.updateSubmitted(request, clock.instant());
        store.save(submitted);
        store.setProcess(
                attachment.id(), processes.start(PROCESS, attachment.id(), name(route, client), request.approval()));
        return submitted;
    }

    /**
     * Records that a request is approved in full.
     *
     * @throws IllegalStateException if it is not the attachment's open request
     * @throws Conflict with {@code not_approved} unless the record confirms it
     */
    void approved(UUID id, ApprovalId approval) {
        Attachment attachment = store.lock(id);
        if (!attachment.request().approval().equals(approval)) {
            throw new IllegalStateException("Approval " + approval + " is not what attachment " + id + " waits for.");
        }
        Routes.requireApproved(approvals.get(approval));
        store.save(attachment.approved(clock.instant()));
    }

    @Override
    public EntityType kind() {
        return AttachmentRequests.TYPE;
    }

    @Override
    public void cancelled(Approval approval) {
        refused(UUID.fromString(approval.entityId()), approval.id());
    }

    /**
     * Records that a request was rejected or cancelled. If a detachment is refused, the deletion of its client is
     * dropped.
     *
     * @throws IllegalStateException if the record disagrees
     */
    void refused(UUID id, ApprovalId approval) {
        Attachment attachment = store.lock(id);
        switch (approvals.get(approval).status()) {
            case REJECTED, CANCELLED -> {}
            case PENDING, APPROVED -> throw new IllegalStateException("Not refused: approval " + approval + ".");
        }
        if (attachment.status().ended() || !attachment.request().approval().equals(approval)) {
            // Its route is gone and the request was withdrawn because of that.
            return;
        }
        store.save(attachment.refused(clock.instant()));
        if (attachment.detach().isPresent()) {
            clients.setDeleting(attachment.client(), false);
        }
    }

    private Request submit(
            UserId actor,
            UUID id,
            Route route,
            ApiClient client,
            String action,
            List<String> networks,
            Optional<Content> current) {
        Scope scope = Scope.project(route.project());
        Approval approval = approvals.submit(new Submission(
                AttachmentRequests.TYPE,
                id.toString(),
                name(route, client),
                action,
                scope,
                Principal.of(actor),
                content(route, client, networks),
                current.map(Object.class::cast),
                policies.of(scope, AttachmentRequests.TYPE, action)));
        return new Request(approval.content(), approval.id());
    }

    private static Content content(Route route, ApiClient client, List<String> networks) {
        return new Content(
                route.id(),
                route.fullName(),
                client.id(),
                client.name(),
                client.team().value(),
                networks);
    }

    /** Why no client can be attached to a route now. */
    private static Optional<Problem> refusal(Route route) {
        boolean deleting = route.request()
                .or(route::released)
                .filter(request -> request.action() == Route.Action.DELETE)
                .isPresent();
        if (deleting || route.status() == RouteStatus.REJECTED) {
            return Optional.of(new Conflict(
                    ErrorCode.WRONG_STATE, deleting ? "The route is being deleted." : "The route was rejected."));
        }
        boolean isPublic =
                route.request().or(route::released).orElseThrow().spec().access() == Access.PUBLIC;
        return isPublic
                ? Optional.of(new InvalidInput("route_id", "must not be a public route: anyone may call it"))
                : Optional.empty();
    }

    private ApiClient client(String project, String id) {
        return uuid(id).flatMap(clients::find)
                .filter(client -> client.project().equals(project))
                .map(client -> clients.lock(client.id()))
                .orElseThrow(() -> new InvalidInput("client_id", "must be a client of the project"));
    }

    private Route route(String project, String id) {
        return uuid(id).flatMap(routes::find)
                .filter(route -> route.project().equals(project) && !route.gone())
                .map(route -> routes.lock(route.id()))
                .orElseThrow(() -> new InvalidInput("route_id", "must be a route of the project"));
    }

    private static Optional<UUID> uuid(String id) {
        try {
            return Optional.ofNullable(id).map(UUID::fromString);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private Named named(Attachment attachment) {
        return new Named(
                attachment,
                routes.find(attachment.route()).orElseThrow().fullName(),
                clients.findEver(attachment.client()).orElseThrow().name());
    }

    private static String name(Route route, ApiClient client) {
        return client.name() + " on " + route.fullName();
    }

    private static UUID parse(String id) {
        return uuid(id).orElseThrow(() -> new NotFound(ENTITY, id));
    }

    private static Attachment inProject(Optional<Attachment> attachment, String project, String id) {
        return attachment.filter(found -> found.project().equals(project)).orElseThrow(() -> new NotFound(ENTITY, id));
    }
}
