package io.countersign.gateway;

import io.countersign.api.paging.Page;
import io.countersign.api.paging.PageRequest;
import io.countersign.api.problem.Conflict;
import io.countersign.api.problem.ErrorCode;
import io.countersign.api.problem.Forbidden;
import io.countersign.api.problem.InvalidInput;
import io.countersign.api.problem.NotFound;
import io.countersign.approval.Approval;
import io.countersign.approval.ApprovalId;
import io.countersign.approval.ApprovalStatus;
import io.countersign.approval.CanonicalJson;
import io.countersign.approval.EntityType;
import io.countersign.approval.Submission;
import io.countersign.approval.policy.Policies;
import io.countersign.approval.requests.Approvals;
import io.countersign.change.ChangeProcesses;
import io.countersign.change.RequestProcess;
import io.countersign.change.Revocable;
import io.countersign.gateway.Route.Action;
import io.countersign.gateway.Route.Request;
import io.countersign.gateway.RouteSpec.Access;
import io.countersign.identity.Names;
import io.countersign.identity.Permission;
import io.countersign.identity.Principal;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import io.countersign.identity.membership.Membership;
import io.countersign.target.Comparisons;
import io.countersign.target.Comparisons.Claim;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Routes and the requests to create, update and delete them. A request changes only the record until it is approved and
 * deployed.
 */
@Component
@Transactional
public class Routes implements Revocable {

    private static final String ENTITY = "route";
    private static final RequestProcess PROCESS = new RequestProcess("route-change", "routeId");

    private final RouteStore store;
    private final AttachmentStore attachments;
    private final Domains domains;
    private final ProjectAccess access;
    private final Approvals approvals;
    private final Policies policies;
    private final ChangeProcesses processes;
    private final Manifests manifests;
    private final Comparisons comparisons;
    private final Clock clock;

    Routes(
            RouteStore store,
            AttachmentStore attachments,
            Domains domains,
            ProjectAccess access,
            Approvals approvals,
            Policies policies,
            ChangeProcesses processes,
            Manifests manifests,
            Comparisons comparisons,
            Clock clock) {
        this.store = store;
        this.attachments = attachments;
        this.domains = domains;
        this.access = access;
        this.approvals = approvals;
        this.policies = policies;
        this.processes = processes;
        this.manifests = manifests;
        this.comparisons = comparisons;
        this.clock = clock;
    }

    /**
     * @param reader someone who may view routes
     * @param domain only of this domain
     * @param status only in this status
     * @return routes, newest first
     * @throws NotFound if the reader may not see the project, or it has no such domain
     */
    @Transactional(readOnly = true)
    public Page<Route> list(
            UserId reader, String project, Optional<String> domain, Optional<RouteStatus> status, PageRequest page) {
        access.requireView(reader, project, Permission.ROUTE_VIEW);
        domain.ifPresent(id -> domains.find(project, id));
        return store.list(project, domain, status, page);
    }

    /**
     * @return the route
     * @throws NotFound if there is none with that id that the reader may see
     */
    @Transactional(propagation = Propagation.SUPPORTS, readOnly = true)
    public Route get(UserId reader, String project, String id) {
        access.requireView(reader, project, Permission.ROUTE_VIEW);
        return inProject(store.find(parse(id)), project, id);
    }

    /**
     * Asks the target, before a route is requested and outside any transaction, whether it would refuse it now. If the
     * target does not answer in time, a refusal surfaces when the route is deployed.
     *
     * @param name the route's name
     * @param draft the planned request; not validated here
     * @param permission the permission that the request needs
     * @throws Forbidden unless the actor has it
     * @throws InvalidInput naming {@code adopt} if there is nothing to adopt
     * @throws Conflict with {@code exists_already} if an object with its name belongs to someone else and is not to be
     *     adopted; with {@code foreign_namespace} if the project's namespace belongs to someone else
     */
    @Transactional(propagation = Propagation.SUPPORTS)
    public void requireFree(
            UserId actor, String project, String domain, String name, RouteDraft draft, Permission permission) {
        access.require(actor, project, permission);
        if (Names.isDnsLabel(domain) && Names.isDnsLabel(name)) {
            Claim claim = comparisons.claim(manifests.claims(project, domain, name, draft));
            claim.refusal().ifPresent(refusal -> {
                throw new Conflict(refusal.code(), refusal.reason());
            });
            if (draft.takesOver() && claim.nobodyElses()) {
                throw new InvalidInput("adopt", "must be left out: nobody else has objects of this route's name");
            }
        }
    }

    /**
     * Requests a new route.
     *
     * @param actor someone who may create routes
     * @return the route, waiting for approval
     * @throws Forbidden unless the actor may create routes
     * @throws InvalidInput naming every invalid field
     * @throws Conflict with {@code route_exists} if the domain has a route with that name
     */
    public Route create(UserId actor, String project, String domain, RouteDraft draft) {
        access.require(actor, project, Permission.ROUTE_CREATE);
        RouteSpec spec = draft.check(domains.hold(project, domain));
        UUID id = UUID.randomUUID();
        Instant now = clock.instant();
        Request request = submit(actor, project, id, Action.CREATE, spec, Optional.empty());
        Route route = new Route(
                id,
                project,
                domain,
                spec.name(),
                RouteLifecycle.TABLE.after(null, RouteEvent.SUBMIT_CREATION),
                Optional.empty(),
                Optional.empty(),
                Optional.of(request),
                Optional.empty(),
                false,
                Optional.empty(),
                false,
                Optional.empty(),
                false,
                actor,
                now,
                now);
        if (!store.insert(route)) {
            throw new Conflict(ErrorCode.ROUTE_EXISTS, "The domain has a route \"" + spec.name() + "\" already.");
        }
        store.setProcess(id, processes.start(PROCESS, id, route.fullName(), request.approval()));
        return store.find(id).orElseThrow();
    }

    /**
     * Requests a change of a route. Its name and domain cannot change.
     *
     * @param actor someone who may edit routes
     * @throws Forbidden unless the actor may edit routes
     * @throws InvalidInput naming every invalid field
     * @throws Conflict with {@code request_pending} while another request is open, {@code wrong_state} if the route
     *     cannot be changed now
     */
    public Route update(UserId actor, String project, String id, RouteDraft draft) {
        access.require(actor, project, Permission.ROUTE_EDIT);
        Route route = lock(project, id);
        if (draft.name() != null && !draft.name().equals(route.name())) {
            throw new InvalidInput("name", "cannot be changed");
        }
        RouteSpec spec = new RouteDraft(
                        route.name(),
                        draft.path(),
                        draft.pathMatch(),
                        draft.methods(),
                        draft.backend(),
                        draft.headers(),
                        draft.rewrite(),
                        draft.timeoutSeconds(),
                        draft.rateLimit(),
                        draft.access(),
                        draft.adopt())
                .check(domains.find(project, route.domain()));
        requirePossible(route, RouteEvent.SUBMIT_UPDATE);
        if (spec.access() == Access.PUBLIC
                && attachments.lockLiveOfRoute(route.id()).stream().findAny().isPresent()) {
            throw new InvalidInput("access", "cannot be public while clients are attached");
        }
        return submit(actor, route, Action.UPDATE, spec);
    }

    /**
     * Requests the deletion of a route.
     *
     * @param actor someone who may delete routes
     * @throws Forbidden unless the actor may delete routes
     * @throws Conflict with {@code request_pending} while another request is open, {@code wrong_state} if the route
     *     cannot be deleted now
     */
    public Route delete(UserId actor, String project, String id) {
        access.require(actor, project, Permission.ROUTE_DELETE);
        Route route = lock(project, id);
        requirePossible(route, RouteEvent.SUBMIT_DELETION);
        return submit(actor, route, Action.DELETE, route.spec().owned());
    }

    /**
     * @param person anyone
     * @param route a route that they may see
     * @return what the person may do with it now: request a change, request its deletion, deploy it
     */
    @Transactional(readOnly = true)
    public Set<RouteEvent> possible(UserId person, Route route) {
        Set<Permission> held = access.find(person, route.project())
                .map(Membership::permissions)
                .orElse(Set.of());
        return Stream.of(RouteEvent.SUBMIT_UPDATE, RouteEvent.SUBMIT_DELETION, RouteEvent.DEPLOY)
                .filter(event -> held.contains(event.permission().orElseThrow()))
                .filter(event ->
                        RouteLifecycle.TABLE.find(route.status(), event).isPresent())
                .filter(event ->
                        event == RouteEvent.DEPLOY || refusal(route, event).isEmpty())
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * @param approval an approval of a route
     * @return the route whose open request it is
     */
    @Transactional(readOnly = true)
    public Optional<Route> findByOpenRequest(Approval approval) {
        return store.find(UUID.fromString(approval.entityId()))
                .filter(route -> route.request()
                        .filter(request -> request.approval().equals(approval.id()))
                        .isPresent());
    }

    /**
     * Records that a request is approved in full.
     *
     * @throws IllegalStateException if it is not the route's open request
     * @throws Conflict with {@code not_approved} unless the record confirms it
     */
    void approved(UUID id, ApprovalId approval) {
        Route route = lockWithRequest(id, approval);
        requireApproved(approvals.get(approval));
        store.save(route.approved(clock.instant()));
    }

    /**
     * Records that a request was rejected or cancelled: the route returns to the status it had.
     *
     * @throws IllegalStateException if it is not the route's open request, or the record disagrees
     */
    void refused(UUID id, ApprovalId approval) {
        Route route = lockWithRequest(id, approval);
        switch (approvals.get(approval).status()) {
            case REJECTED, CANCELLED -> store.save(route.refused(clock.instant()));
            case PENDING, APPROVED -> throw new IllegalStateException("Not refused: approval " + approval + ".");
        }
    }

    @Override
    public EntityType kind() {
        return RouteRequests.TYPE;
    }

    @Override
    public void cancelled(Approval approval) {
        findByOpenRequest(approval)
                .filter(route -> route.status() != RouteStatus.REJECTED)
                .ifPresent(route -> refused(route.id(), approval.id()));
    }

    @Override
    public void reopened(Approval approval, String reason) {
        findByOpenRequest(approval)
                .map(route -> store.lock(route.id()))
                .filter(route -> route.status() == RouteStatus.PENDING_DEPLOY
                        || route.status() == RouteStatus.APPROVED
                                && route.statusReason().isEmpty())
                .ifPresent(route -> store.save(route.reopened(reason, clock.instant())));
    }

    /** Relies on the record: that a process arrived here proves nothing. */
    static void requireApproved(Approval approval) {
        if (approval.status() != ApprovalStatus.APPROVED) {
            throw new Conflict(
                    ErrorCode.NOT_APPROVED,
                    "Approval " + approval.id() + " is " + approval.status().wireName() + ".");
        }
    }

    static UUID parse(String id) {
        try {
            return UUID.fromString(id);
        } catch (IllegalArgumentException e) {
            throw new NotFound(ENTITY, id);
        }
    }

    private Route submit(UserId actor, Route route, Action action, RouteSpec spec) {
        Request request = submit(
                actor,
                route.project(),
                route.id(),
                action,
                spec,
                route.deployed()
                        .or(() -> route.released().map(Request::content))
                        .map(CanonicalJson::read));
        Route submitted = route.submitted(request, clock.instant());
        if (route.status() == RouteStatus.PENDING_DEPLOY) {
            processes.end(route.process().orElseThrow(), "Given up for another request");
        }
        store.save(submitted);
        store.setProcess(route.id(), processes.start(PROCESS, route.id(), route.fullName(), request.approval()));
        return store.find(route.id()).orElseThrow();
    }

    private Request submit(
            UserId actor, String project, UUID id, Action action, RouteSpec spec, Optional<Object> current) {
        Scope scope = Scope.project(project);
        Approval approval = approvals.submit(new Submission(
                RouteRequests.TYPE,
                id.toString(),
                spec.domain() + "/" + spec.name(),
                action.wireName(),
                scope,
                Principal.of(actor),
                spec,
                current,
                policies.of(scope, RouteRequests.TYPE, action.wireName())));
        return new Request(action, approval.content(), approval.id());
    }

    /** Refuses before anything is recorded. */
    private void requirePossible(Route route, RouteEvent request) {
        refusal(route, request).ifPresent(refusal -> {
            throw refusal;
        });
    }

    /**
     * Why a request cannot be made now: another one is open, a deployment may still succeed, or the route is being
     * deleted.
     */
    private Optional<Conflict> refusal(Route route, RouteEvent request) {
        return switch (route.status()) {
            case PENDING_CREATE, PENDING_UPDATE, PENDING_DELETE, APPROVED ->
                Optional.of(new Conflict(ErrorCode.REQUEST_PENDING, "Another request about this route is still open."));
            case REJECTED ->
                Optional.of(new Conflict(ErrorCode.WRONG_STATE, "The route was rejected. Ask for a new one instead."));
            case PENDING_DEPLOY, ACTIVE -> {
                if (route.request().isPresent()) {
                    yield Optional.of(new Conflict(
                            ErrorCode.REQUEST_PENDING,
                            "Another request about this route waits to be deployed. It can be cancelled until then."));
                }
                if (route.status() == RouteStatus.PENDING_DEPLOY
                        && processes.state(route.process().orElseThrow()) == ChangeProcesses.State.UNDER_WAY) {
                    yield Optional.of(new Conflict(ErrorCode.WRONG_STATE, "The route is being deployed."));
                }
                boolean deleting = route.released()
                        .filter(released -> released.action() == Action.DELETE)
                        .isPresent();
                yield deleting && request == RouteEvent.SUBMIT_UPDATE
                        ? Optional.of(new Conflict(ErrorCode.WRONG_STATE, "The route is being deleted."))
                        : Optional.empty();
            }
        };
    }

    private Route lockWithRequest(UUID id, ApprovalId approval) {
        Route route = store.lock(id);
        if (route.request()
                .filter(request -> request.approval().equals(approval))
                .isEmpty()) {
            throw new IllegalStateException("Approval " + approval + " is not what route " + id + " waits for.");
        }
        return route;
    }

    private Route lock(String project, String id) {
        return inProject(Optional.of(store.lock(parse(id))), project, id);
    }

    static Route inProject(Optional<Route> route, String project, String id) {
        return route.filter(found -> found.project().equals(project) && !found.gone())
                .orElseThrow(() -> new NotFound(ENTITY, id));
    }
}
