package io.countersign.gateway;

import io.countersign.approval.Approval;
import io.countersign.approval.ApprovalId;
import io.countersign.approval.EntityType;
import io.countersign.approval.requests.Approvals;
import io.countersign.audit.AuditAction;
import io.countersign.audit.Difference;
import io.countersign.change.Carrier;
import io.countersign.change.Outcome;
import io.countersign.change.Outlook;
import io.countersign.gateway.Route.Action;
import io.countersign.gateway.Route.Request;
import io.countersign.identity.Scope;
import io.countersign.target.Comparisons.Question;
import io.countersign.target.ObjectRef;
import io.countersign.target.Progress;
import io.countersign.target.Target;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/**
 * Deploys routes, with the attachments and detachments approved for them, or removes them from the target. Reads the
 * deployment from the route's row; {@link Deployments} begins it.
 */
@Component
class RouteCarrier implements Carrier<Route> {

    private final RouteStore routes;
    private final AttachmentStore attachments;
    private final Clients clients;
    private final ClientAccess access;
    private final RouteGuards guards;
    private final Approvals approvals;
    private final GatewayProcesses processes;
    private final Manifests manifests;
    private final Target target;
    private final RouteTrail trail;
    private final GatewayProperties properties;
    private final Clock clock;

    RouteCarrier(
            RouteStore routes,
            AttachmentStore attachments,
            Clients clients,
            ClientAccess access,
            RouteGuards guards,
            Approvals approvals,
            GatewayProcesses processes,
            Manifests manifests,
            Target target,
            RouteTrail trail,
            GatewayProperties properties,
            Clock clock) {
        this.routes = routes;
        this.attachments = attachments;
        this.clients = clients;
        this.access = access;
        this.guards = guards;
        this.approvals = approvals;
        this.processes = processes;
        this.manifests = manifests;
        this.target = target;
        this.trail = trail;
        this.properties = properties;
        this.clock = clock;
    }

    @Override
    public EntityType kind() {
        return RouteRequests.TYPE;
    }

    @Override
    public Words words() {
        return new Words("deployment", "deployed");
    }

    @Override
    public Duration checkInterval() {
        return properties.checkInterval();
    }

    /** The subject of a route's own request, or of an attachment's request that the route's deployment carries out. */
    @Override
    public Optional<UUID> subjectOf(Approval approval) {
        Optional<UUID> id = GatewayPreview.id(approval);
        if (approval.isAbout(RouteRequests.TYPE)) {
            return id.flatMap(routes::find)
                    .filter(route -> Stream.of(route.request(), route.released())
                            .flatMap(Optional::stream)
                            .anyMatch(request -> request.approval().equals(approval.id())))
                    .map(Route::id);
        }
        if (approval.isAbout(AttachmentRequests.TYPE)) {
            return id.flatMap(attachments::find)
                    .filter(attachment -> attachment.request().approval().equals(approval.id()))
                    .flatMap(Attachment::carriedOutWith);
        }
        return Optional.empty();
    }

    @Override
    public Optional<Route> find(UUID id) {
        return routes.find(id);
    }

    @Override
    public Scope scope(Route route) {
        return Scope.project(route.project());
    }

    @Override
    public boolean isDone(Route route) {
        return route.deploymentDone();
    }

    @Override
    public Route lock(UUID id, String process) {
        Route route = guards.hold(id);
        route.requireUnderWay();
        if (!isCarriedOutBy(route, process)) {
            throw new IllegalStateException("Route " + id + " does not wait for this process.");
        }
        return route;
    }

    private static boolean isCarriedOutBy(Route route, String process) {
        return route.process().filter(process::equals).isPresent();
    }

    @Override
    public ApprovalId approval(Route route) {
        return route.approval();
    }

    /** Includes the attachments released with the route. */
    @Override
    public Route commit(Route route) {
        Route begun = route;
        if (route.request().isPresent()) {
            guards.verify(route, route.request().get(), approvals::carryOut);
            begun = route.released(clock.instant());
            routes.save(begun);
        }
        if (begun.released().orElseThrow().action() != Action.DELETE) {
            releaseAttachments(begun);
        }
        return begun;
    }

    /** Commits to the first write of the released attachments. */
    private void releaseAttachments(Route route) {
        for (Attachment attachment : attachments.lockLiveOfRoute(route.id())) {
            if (attachment.waitsForDeployment() && !attachment.released() && isAskedFor(attachment)) {
                guards.verify(attachment, attachment.request(), approvals::carryOut);
                attachments.save(attachment.release(clock.instant()));
            }
        }
    }

    /** Whether the request of an attachment is part of the deployment under way, and its approval still stands. */
    private boolean isAskedFor(Attachment attachment) {
        Approval approval = approvals.hold(attachment.request().approval());
        return approval.releasedAt().isPresent() && approval.allows(clock.instant());
    }

    @Override
    public List<Question> claims(Route route) {
        Request released = route.released().orElseThrow();
        return released.action() == Action.DELETE
                ? manifests.refs(route).stream().map(Question::remove).toList()
                : Stream.concat(
                                manifests.claims(route, released.spec()).stream(),
                                access.claims(guards.attachedClients(route)).stream())
                        .toList();
    }

    @Override
    public void reopen(Route route, String reason) {
        routes.save(route.reopened(reason, clock.instant()));
    }

    @Override
    public void bring(Route route) {
        Request released = route.released().orElseThrow();
        guards.verify(route, released, approvals::carryOut);
        if (released.action() == Action.DELETE) {
            manifests.refs(route).forEach(target::delete);
        } else {
            RouteSpec spec = released.spec();
            List<ApiClient> attached = guards.attachedClients(route);
            manifests.namespace(route.project()).ifPresent(target::apply);
            // Access rules come before the route, so that a new route is never open too widely.
            access.apply(route, spec, attached, route.adopting());
            manifests
                    .trafficPolicy(route, spec)
                    .ifPresentOrElse(
                            policy -> target.apply(policy, route.adopting()),
                            () -> target.delete(manifests.trafficPolicyRef(route)));
            target.apply(manifests.httpRoute(route, spec), route.adopting());
        }
    }

    @Override
    public void requireBegun(Route route) {
        if (route.request().isPresent()) {
            throw new IllegalStateException("Nothing of route " + route.id() + " is deployed yet.");
        }
    }

    @Override
    public Outlook look(Route route) {
        Request released = route.released().orElseThrow();
        return released.action() == Action.DELETE ? lookForRemains(route) : lookForAll(route, released.spec());
    }

    private Outlook lookForRemains(Route route) {
        return manifests.refs(route).stream()
                .filter(ref -> !(target.progress(ref) instanceof Progress.Absent))
                .findFirst()
                .<Outlook>map(ref -> new Outlook.Waiting("Waiting for " + ref + " to go away"))
                .orElseGet(Outlook.Done::new);
    }

    private Outlook lookForAll(Route route, RouteSpec spec) {
        for (ObjectRef ref : manifests.refs(route)) {
            boolean expected = ref.equals(manifests.routeRef(route))
                    || ref.equals(manifests.securityPolicyRef(route)) && spec.access() != RouteSpec.Access.PUBLIC
                    || ref.equals(manifests.trafficPolicyRef(route)) && spec.rateLimit() != null;
            Progress progress = expected ? target.progress(ref) : new Progress.Ready();
            if (progress instanceof Progress.Failed failed) {
                return new Outlook.Failed(ref + ": " + failed.reason());
            }
            if (progress instanceof Progress.Absent) {
                return new Outlook.Gone("Waiting for " + ref + ": it was gone from the target and is created again");
            }
            if (progress instanceof Progress.InProgress inProgress) {
                return new Outlook.Waiting("Waiting for " + ref + ": " + inProgress.waitingFor());
            }
        }
        return new Outlook.Done();
    }

    @Override
    public void note(Route route, Optional<String> waiting, boolean done) {
        routes.save(route.noted(waiting, done, clock.instant()));
    }

    /** Includes the attachments and detachments that the route's deployment carried out. */
    @Override
    public Outcome finish(Route route) {
        Request released = route.released().orElseThrow();
        boolean deletion = released.action() == Action.DELETE;
        Route finished = deletion ? route.removed(clock.instant()) : route.activated(clock.instant());
        routes.save(finished);
        for (Attachment attachment : attachments.lockLiveOfRoute(route.id())) {
            if (deletion) {
                loseRoute(attachment);
            } else if (attachment.released()) {
                attachments.save(attachment.settled(clock.instant()));
                if (attachment.update().isPresent()) {
                    clients.widened(attachment.client(), attachment.ipAddresses());
                }
                processes.settle(attachment.request().approval());
            }
            clients.removeIfDetached(attachment.client());
        }
        trail.record(
                deletion ? AuditAction.REMOVE : AuditAction.ACTIVATE,
                route,
                Map.of("approval_id", released.approval()),
                deletion ? Difference.deleted(Map.of("status", route.status())) : RouteTrail.statuses(route, finished));
        return RouteNews.finished(route, approvals.get(released.approval()), clock.instant());
    }

    private void loseRoute(Attachment attachment) {
        attachments.save(attachment.routeLost(clock.instant()));
        ApprovalId request = attachment.request().approval();
        switch (attachment.status()) {
            case PENDING_ATTACH, PENDING_DETACH -> approvals.withdraw(request, "The route is deleted.");
            case APPROVED -> {
                if (attachment.released()) {
                    processes.settle(request);
                } else {
                    approvals.withdraw(request, "The route is deleted.");
                }
            }
            case ACTIVE ->
                attachment.update().ifPresent(update -> {
                    if (attachment.released()) {
                        processes.settle(update.approval());
                    } else {
                        approvals.withdraw(update.approval(), "The route is deleted.");
                    }
                });
            case REJECTED, REMOVED -> {}
        }
    }

    /** The route stays {@code pending_deploy}. */
    @Override
    public Optional<Outcome> fail(String process, String reason) {
        return routes.findByProcess(process)
                .map(routes::lock)
                .filter(route -> route.status() == RouteStatus.PENDING_DEPLOY && isCarriedOutBy(route, process))
                .map(route -> fail(route, reason));
    }

    private Outcome fail(Route route, String reason) {
        routes.save(route.noted(Optional.of(reason), false, clock.instant()));
        trail.record(
                AuditAction.DEPLOY_FAILED,
                route,
                Map.of("approval_id", route.approval(), "reason", reason),
                Difference.NONE);
        return RouteNews.failed(route, approvals.get(route.approval()), reason, clock.instant());
    }
}
