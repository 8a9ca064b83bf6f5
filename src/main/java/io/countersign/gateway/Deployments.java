package io.countersign.gateway;

import io.countersign.api.problem.Conflict;
import io.countersign.api.problem.ErrorCode;
import io.countersign.api.problem.Forbidden;
import io.countersign.api.problem.NotFound;
import io.countersign.approval.Approval;
import io.countersign.approval.ApprovalId;
import io.countersign.approval.ApprovalStatus;
import io.countersign.approval.CanonicalJson;
import io.countersign.approval.NotApproved;
import io.countersign.approval.freeze.Freeze;
import io.countersign.approval.requests.Approvals;
import io.countersign.audit.AuditAction;
import io.countersign.audit.AuditSubject;
import io.countersign.audit.AuditTrail;
import io.countersign.audit.Difference;
import io.countersign.change.CarryingOut;
import io.countersign.change.Held;
import io.countersign.change.Touch;
import io.countersign.gateway.Attachment.Content;
import io.countersign.gateway.Route.Action;
import io.countersign.gateway.Route.Request;
import io.countersign.identity.Permission;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import io.countersign.target.Comparisons.Question;
import io.countersign.target.ObjectRef;
import io.countersign.target.Progress;
import io.countersign.target.Target;
import io.countersign.transaction.RepeatableTransaction;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Deploys routes, step by step, as their process says. Each step trusts the rows and the recorded approvals only: a
 * token that somebody moves, or a variable that somebody sets, leads to a refusal. Each step may be repeated.
 */
@Component
public class Deployments {

    private static final Logger log = LoggerFactory.getLogger(Deployments.class);
    private static final int MAX_REASON_LENGTH = 2000;

    private final RouteStore routes;
    private final AttachmentStore attachments;
    private final ClientStore clientStore;
    private final Clients clients;
    private final ClientKeys keys;
    private final ProjectAccess access;
    private final Approvals approvals;
    private final CarryingOut carryingOut;
    private final GatewayProcesses processes;
    private final Manifests manifests;
    private final Target target;
    private final RouteNews news;
    private final AuditTrail audit;
    private final Clock clock;
    private final RepeatableTransaction transaction;

    Deployments(
            RouteStore routes,
            AttachmentStore attachments,
            ClientStore clientStore,
            Clients clients,
            ClientKeys keys,
            ProjectAccess access,
            Approvals approvals,
            CarryingOut carryingOut,
            GatewayProcesses processes,
            Manifests manifests,
            Target target,
            RouteNews news,
            AuditTrail audit,
            Clock clock,
            RepeatableTransaction transaction) {
        this.routes = routes;
        this.attachments = attachments;
        this.clientStore = clientStore;
        this.clients = clients;
        this.keys = keys;
        this.access = access;
        this.approvals = approvals;
        this.carryingOut = carryingOut;
        this.processes = processes;
        this.manifests = manifests;
        this.target = target;
        this.news = news;
        this.audit = audit;
        this.clock = clock;
        this.transaction = transaction;
    }

    /**
     * Has a route deployed: an approved change for the first time, by completing its user task, an active route again,
     * with what was approved for it since, or a failed deployment another time. All of it is one transaction, which
     * holds the approval and the route from its first look on, and is repeated if somebody came in between who did not.
     *
     * @param actor someone who may deploy routes
     * @return the route, which is being deployed
     * @throws NotFound if there is none of that id that the actor may see
     * @throws Forbidden unless the actor may deploy routes
     * @throws Conflict with {@code wrong_state} if there is nothing to deploy, {@code not_approved} if the record is
     *     not what was approved
     */
    public Route deploy(UserId actor, String project, String id) {
        return transaction.execute(() -> {
            access.require(actor, project, Permission.ROUTE_DEPLOY);
            Route route = hold(Routes.inProject(routes.find(Routes.parse(id)), project, id));
            switch (route.status()) {
                case APPROVED -> {
                    requireStanding(route.approval());
                    processes.completeDeployTask(route.process().orElseThrow());
                }
                case ACTIVE, PENDING_DEPLOY -> deployAgain(route);
                case PENDING_CREATE, PENDING_UPDATE, PENDING_DELETE ->
                    throw new Conflict(ErrorCode.WRONG_STATE, "The request about this route is not approved yet.");
                case REJECTED -> throw new Conflict(ErrorCode.WRONG_STATE, "The route was rejected.");
            }
            return routes.lock(route.id());
        });
    }

    /**
     * Begins the deployment of an approved change. The user task's listener calls this for whoever completes it.
     *
     * @param approval what the process believes the open request's approval to be
     * @throws NotFound if the actor is no member of the project
     * @throws Forbidden unless the actor may deploy routes
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public void begin(UserId actor, UUID id, ApprovalId approval) {
        Route route = hold(find(id));
        access.require(actor, route.project(), Permission.ROUTE_DEPLOY);
        requireRequest(route, approval);
        Route deploying = route.deploying(clock.instant());
        routes.save(deploying);
        record(
                AuditAction.DEPLOY,
                route,
                Map.of("approval_id", approval, "request", action(route)),
                statuses(route, deploying));
    }

    /**
     * Hands an approved change to deployment, after a look at the recorded approval, and with it the approved
     * attachments and detachments that wait for it, but for those whose approval lapsed. Nothing is written yet.
     *
     * @param approval what the process believes the open request's approval to be
     * @throws Conflict with {@code not_approved} unless exactly this is approved in full
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public void release(UUID id, ApprovalId approval) {
        Route route = hold(find(id));
        requireRequest(route, approval);
        requireUnderWay(route);
        Request request = route.request().orElseThrow();
        verify(route, request, approvals::release);
        if (request.action() != Action.DELETE) {
            askForAttachments(route);
        }
    }

    /**
     * Brings a route to the target, or removes it there, after a last look at every approval that allows it. Touches
     * nothing while deployments are frozen in its project. That the target is touched is on record before the first
     * write, and only once the target would take all of it; until then the request can be cancelled, and lapses.
     *
     * @return what keeps it from being carried out, if anything does: an open window, or that the approval lapsed,
     *     which is on record then
     * @throws Conflict with {@code not_approved} if any record is not what was approved; then nothing is touched
     * @throws RuntimeException with the reason, for a person, if the target refuses it or cannot be reached
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public Optional<Held> apply(UUID id) {
        Touch touch = carryingOut.begin(Scope.project(find(id).project()));
        if (touch.freeze().isPresent()) {
            Route route = routes.lock(id);
            requireUnderWay(route);
            Freeze window = touch.freeze().get();
            routes.save(route.noted(Optional.of(window.waiting()), false, clock.instant()));
            return Optional.of(Held.frozen(window));
        }
        if (!touch.commitTo(() -> commitTo(id))) {
            return Optional.of(lapse(id));
        }
        bring(hold(find(id)));
        return Optional.empty();
    }

    /** @return when a deployment that waits for a freeze window should look again */
    @Transactional(readOnly = true)
    public Instant freezeEnds(UUID id) {
        return carryingOut.freezeEnds(scopeOf(id).orElseThrow());
    }

    /** @return the route whose deployment carries an approved request out; empty if it is about another request */
    @Transactional(readOnly = true)
    public Optional<UUID> routeOf(Approval approval) {
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

    /** @return where freeze windows hold for a route's deployment; empty if there is none of that id */
    @Transactional(readOnly = true)
    public Optional<Scope> scopeOf(UUID id) {
        return routes.find(id).map(route -> Scope.project(route.project()));
    }

    /**
     * Takes one look at the target and notes what it says. What somebody removed there meanwhile is applied again,
     * under the same conditions as before.
     *
     * @throws IllegalStateException with the reason if the target gave up
     * @throws Conflict with {@code not_approved} if something is to be applied again, and any record is not what was
     *     approved
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public void check(UUID id) {
        Route route = routes.lock(id);
        requireTouched(route);
        Request released = route.released().orElseThrow();
        Optional<String> waiting =
                released.action() == Action.DELETE ? stillThere(route) : notReady(route, released.spec());
        routes.save(route.noted(waiting, waiting.isEmpty(), clock.instant()));
    }

    /** @return whether the last {@link #check} found the deployment done */
    @Transactional(readOnly = true)
    public boolean isFinished(UUID id) {
        return routes.find(id).map(Route::deploymentDone).orElse(false);
    }

    /**
     * Notes that a deployment is done, and with it the attachments and detachments that it carried out.
     *
     * @throws IllegalStateException unless {@link #check} found it done
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public void finish(UUID id) {
        Route route = routes.lock(id);
        requireTouched(route);
        if (!route.deploymentDone()) {
            throw new IllegalStateException("Not finished: the target has not reported the deployment as done.");
        }
        Request released = route.released().orElseThrow();
        boolean deletion = released.action() == Action.DELETE;
        Route finished = deletion ? route.removed(clock.instant()) : route.activated(clock.instant());
        routes.save(finished);
        for (Attachment attachment : attachments.lockLiveOfRoute(id)) {
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
        record(
                deletion ? AuditAction.REMOVE : AuditAction.ACTIVATE,
                route,
                Map.of("approval_id", released.approval()),
                deletion ? Difference.deleted(Map.of("status", route.status())) : statuses(route, finished));
        news.finished(route, approvals.get(released.approval()), clock.instant());
    }

    /** Notes that a deployment failed for the last time; the route stays {@code pending_deploy}. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void fail(UUID id, String reason) {
        Route route = routes.lock(id);
        if (route.status() == RouteStatus.PENDING_DEPLOY) {
            String text = reason.length() <= MAX_REASON_LENGTH ? reason : reason.substring(0, MAX_REASON_LENGTH);
            routes.save(route.noted(Optional.of(text), false, clock.instant()));
            record(
                    AuditAction.DEPLOY_FAILED,
                    route,
                    Map.of("approval_id", route.approval(), "reason", text),
                    Difference.NONE);
            news.failed(route, approvals.get(route.approval()), text, clock.instant());
        }
    }

    /** Brings a client's addresses to every route that is deployed with it, or removes its key if it is gone. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void applyClientAccess(UUID clientId) {
        Optional<ApiClient> present = clientStore.find(clientId);
        if (present.isEmpty()) {
            target.delete(manifests.keySecretRef(clientStore.findEver(clientId).orElseThrow()));
            return;
        }
        List<UUID> affected = attachments.lockLiveOfClient(clientId).stream()
                .filter(Attachment::deployed)
                .map(Attachment::route)
                .sorted()
                .toList();
        for (UUID id : affected) {
            Route route = routes.lock(id);
            boolean deleting = route.status() == RouteStatus.PENDING_DEPLOY
                    && route.released()
                            .filter(released -> released.action() == Action.DELETE)
                            .isPresent();
            if (!deleting && route.released().isPresent()) {
                applyAccess(route, route.released().get().spec(), attachedClients(route), false);
            }
        }
    }

    /**
     * Notes that the first write of what is to be deployed is committed to, unless the target refuses any of it at the
     * first look: that fails the try and leaves every request as it was.
     *
     * @return false if that lapsed; then nothing is noted
     */
    private boolean commitTo(UUID id) {
        Route route = hold(find(id));
        requireUnderWay(route);
        if (route.request().isPresent()) {
            Request request = route.request().get();
            if (approvals.get(request.approval()).lapsed(clock.instant())) {
                return false;
            }
            verify(route, request, approvals::carryOut);
            route = route.released(clock.instant());
            routes.save(route);
        }
        if (route.released().orElseThrow().action() != Action.DELETE) {
            releaseAttachments(route);
        }
        claims(route).forEach(claim -> claim.require(target));
        return true;
    }

    private List<Question> claims(Route route) {
        Request released = route.released().orElseThrow();
        return released.action() == Action.DELETE
                ? manifests.refs(route).stream().map(Question::remove).toList()
                : Stream.concat(
                                manifests.claims(route, released.spec()).stream(),
                                attachedClients(route).stream()
                                        .filter(client -> keys.waits(client.id()))
                                        .map(client -> Question.claim(manifests.keySecretRef(client), false)))
                        .toList();
    }

    /** Calls a deployment off whose approval lapsed before anything was written. */
    private Held lapse(UUID id) {
        Route route = hold(find(id));
        requireUnderWay(route);
        String reason = "Not deployed: its approval was given too long ago and must be given again.";
        // First, so that whoever hears of the lapse finds the deployment called off.
        routes.save(route.reopened(reason, clock.instant()));
        approvals.lapse(route.approval());
        return Held.lapsed(reason);
    }

    /** Makes the target as it was released. */
    private void bring(Route route) {
        Request released = route.released().orElseThrow();
        verify(route, released, approvals::carryOut);
        if (released.action() == Action.DELETE) {
            manifests.refs(route).forEach(target::delete);
        } else {
            RouteSpec spec = released.spec();
            List<ApiClient> attached = attachedClients(route);
            manifests.namespace(route.project()).ifPresent(target::apply);
            // The guards before the gate: a new route is never open to more than it should be.
            applyAccess(route, spec, attached, route.adopting());
            manifests
                    .trafficPolicy(route, spec)
                    .ifPresentOrElse(
                            policy -> target.apply(policy, route.adopting()),
                            () -> target.delete(manifests.trafficPolicyRef(route)));
            target.apply(manifests.httpRoute(route, spec), route.adopting());
        }
    }

    private void deployAgain(Route route) {
        UUID id = route.id();
        Route deploying = route.deploying(clock.instant());
        record(
                AuditAction.DEPLOY,
                route,
                Map.of("approval_id", route.approval(), "request", "redeploy"),
                statuses(route, deploying));
        switch (processes.deployment(id)) {
            // What it waits for stays what it waits for.
            case UNDER_WAY -> {}
            case GAVE_UP -> {
                routes.save(deploying);
                processes.retryDeployment(id);
            }
            case NONE -> {
                if (route.request().isPresent()) {
                    throw new Conflict(
                            ErrorCode.WRONG_STATE, "The process of this request was ended. It can only be cancelled.");
                }
                routes.save(deploying);
                Request released = route.released().orElseThrow();
                verify(route, released, approvals::carryOut);
                if (released.action() != Action.DELETE) {
                    askForAttachments(route);
                }
                routes.setProcess(id, processes.startDeployment(id, route.fullName()));
            }
        }
    }

    /**
     * Has the deployment carry out what is approved of a route's attachments; what lapsed keeps nobody else waiting.
     */
    private void askForAttachments(Route route) {
        for (Attachment attachment : attachments.lockLiveOfRoute(route.id())) {
            Approval approval = approvals.hold(attachment.request().approval());
            boolean undecided = attachment.update().isPresent() && approval.status() != ApprovalStatus.APPROVED;
            if (attachment.waitsForDeployment()
                    && !undecided
                    && !approval.reopened()
                    && !approval.lapsed(clock.instant())) {
                verify(attachment, attachment.request(), approvals::release);
            }
        }
    }

    /** Notes that the first write of the attachments that were asked for is committed to. */
    private void releaseAttachments(Route route) {
        for (Attachment attachment : attachments.lockLiveOfRoute(route.id())) {
            if (attachment.waitsForDeployment() && !attachment.released() && isAskedFor(attachment)) {
                verify(attachment, attachment.request(), approvals::carryOut);
                attachments.save(attachment.release(clock.instant()));
            }
        }
    }

    /** Whether the request of an attachment is part of the deployment under way, and its approval still stands. */
    private boolean isAskedFor(Attachment attachment) {
        Approval approval = approvals.hold(attachment.request().approval());
        return approval.releasedAt().isPresent() && approval.allows(clock.instant());
    }

    private List<ApiClient> attachedClients(Route route) {
        return attachments.lockLiveOfRoute(route.id()).stream()
                .filter(Attachment::deployed)
                .map(attachment -> {
                    verify(attachment, attachment.grant(), approvals::carryOut);
                    return clientStore.find(attachment.client()).orElseThrow().from(attachment.ipAddresses());
                })
                .toList();
    }

    private void applyAccess(Route route, RouteSpec spec, List<ApiClient> attached, boolean adopt) {
        attached.forEach(
                client -> keys.take(client.id()).ifPresent(key -> target.apply(manifests.keySecret(client, key))));
        manifests
                .securityPolicy(route, spec, attached)
                .ifPresentOrElse(
                        policy -> target.apply(policy, adopt), () -> target.delete(manifests.securityPolicyRef(route)));
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

    private Optional<String> notReady(Route route, RouteSpec spec) {
        for (ObjectRef ref : manifests.refs(route)) {
            boolean expected = ref.equals(manifests.routeRef(route))
                    || ref.equals(manifests.securityPolicyRef(route)) && spec.access() != RouteSpec.Access.PUBLIC
                    || ref.equals(manifests.trafficPolicyRef(route)) && spec.rateLimit() != null;
            Progress progress = expected ? target.progress(ref) : new Progress.Ready();
            if (progress instanceof Progress.Failed failed) {
                throw new IllegalStateException(ref + ": " + failed.reason());
            }
            if (progress instanceof Progress.Absent) {
                // Somebody removed it behind our back: what was approved is to be there.
                Optional<Freeze> freeze =
                        carryingOut.begin(Scope.project(route.project())).freeze();
                if (freeze.isPresent()) {
                    return freeze.map(Freeze::waiting);
                }
                bring(route);
                return Optional.of("Waiting for " + ref + ": it was gone from the target and is created again");
            }
            if (progress instanceof Progress.InProgress inProgress) {
                return Optional.of("Waiting for " + ref + ": " + inProgress.waitingFor());
            }
        }
        return Optional.empty();
    }

    private Optional<String> stillThere(Route route) {
        return manifests.refs(route).stream()
                .filter(ref -> !(target.progress(ref) instanceof Progress.Absent))
                .map(ref -> "Waiting for " + ref + " to go away")
                .findFirst();
    }

    private void verify(Route route, Request request, BiConsumer<ApprovalId, Object> guard) {
        Approval approval = approvals.hold(request.approval());
        verify(
                approval,
                approval.isAbout(RouteRequests.TYPE)
                        && approval.entityId().equals(route.id().toString())
                        && approval.action().equals(request.action().wireName()),
                request.content(),
                guard);
        RouteSpec spec = request.spec();
        if (!spec.name().equals(route.name()) || !spec.domain().equals(route.domain())) {
            throw notApproved("approval " + approval.id() + " is about another route");
        }
    }

    private void verify(Attachment attachment, Attachment.Request request, BiConsumer<ApprovalId, Object> guard) {
        Approval approval = approvals.hold(request.approval());
        Content content = CanonicalJson.read(request.content(), Content.class);
        verify(
                approval,
                approval.isAbout(AttachmentRequests.TYPE)
                        && approval.entityId().equals(attachment.id().toString())
                        && actions(attachment, request).contains(approval.action())
                        && content.routeId().equals(attachment.route())
                        && content.clientId().equals(attachment.client()),
                request.content(),
                guard);
        if (request.equals(attachment.grant()) && !Attachment.within(attachment.ipAddresses(), content.networks())) {
            throw notApproved("the client's networks go beyond what approval " + approval.id() + " was given for");
        }
    }

    /** What a request of an attachment may ask for: what allows it is a request to attach, or a later update. */
    private static Set<String> actions(Attachment attachment, Attachment.Request request) {
        return request.equals(attachment.attach())
                ? Set.of(Attachment.ATTACH, Attachment.UPDATE)
                : Set.of(attachment.action());
    }

    private void verify(Approval approval, boolean aboutThis, String content, BiConsumer<ApprovalId, Object> guard) {
        if (!aboutThis) {
            throw notApproved("approval " + approval.id() + " is about something else");
        }
        try {
            guard.accept(approval.id(), CanonicalJson.read(content));
        } catch (NotApproved e) {
            log.warn("deployment refused approval={} reason={}", approval.id(), e.getMessage());
            throw new Conflict(ErrorCode.NOT_APPROVED, e.getMessage());
        }
    }

    private static Conflict notApproved(String reason) {
        log.warn("deployment refused reason={}", reason);
        return new Conflict(ErrorCode.NOT_APPROVED, "Not carried out: " + reason + ".");
    }

    private void requireStanding(ApprovalId id) {
        if (!approvals.get(id).allows(clock.instant())) {
            throw new Conflict(
                    ErrorCode.NOT_APPROVED, "The approval of this request ceased to stand and must be given again.");
        }
    }

    private Route find(UUID id) {
        return routes.find(id).orElseThrow(() -> new NotFound(RouteRequests.TYPE.wireName(), id.toString()));
    }

    /**
     * Holds a route and, before it, the approvals of whatever its deployment carries out, in the order of their ids, as
     * those do who decide about one of them or cancel it.
     *
     * @throws OptimisticLockingFailureException if another request was made about it meanwhile
     */
    private Route hold(Route seen) {
        Stream.concat(
                        Stream.of(seen.approval()),
                        attachments.liveOfRoute(seen.id()).stream()
                                .flatMap(attachment -> Stream.of(
                                        attachment.request().approval(),
                                        attachment.attach().approval())))
                .distinct()
                .sorted(Comparator.comparing(ApprovalId::toString))
                .forEach(approvals::hold);
        Route route = routes.lock(seen.id());
        if (!route.approval().equals(seen.approval())) {
            throw new OptimisticLockingFailureException("Route " + seen.id() + " was changed meanwhile");
        }
        return route;
    }

    private static void requireRequest(Route route, ApprovalId approval) {
        if (route.request()
                .filter(request -> request.approval().equals(approval))
                .isEmpty()) {
            throw new IllegalStateException(
                    "Approval " + approval + " is not what route " + route.id() + " waits for.");
        }
    }

    private static void requireUnderWay(Route route) {
        if (route.status() != RouteStatus.PENDING_DEPLOY || route.gone()) {
            throw new IllegalStateException("Route " + route.id() + " is not being deployed.");
        }
    }

    private static void requireTouched(Route route) {
        requireUnderWay(route);
        if (route.request().isPresent()) {
            throw new IllegalStateException("Nothing of route " + route.id() + " is deployed yet.");
        }
    }

    private static String action(Route route) {
        return route.request().orElseThrow().action().wireName();
    }

    private static Difference statuses(Route before, Route after) {
        return new Difference(Map.of("status", before.status()), Map.of("status", after.status()));
    }

    private void record(AuditAction action, Route route, Map<String, ?> details, Difference difference) {
        audit.record(
                action,
                new AuditSubject(
                        RouteRequests.TYPE.wireName(),
                        route.id().toString(),
                        route.fullName(),
                        Scope.project(route.project()).toString()),
                details,
                difference);
    }
}
