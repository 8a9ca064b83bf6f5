package io.countersign.gateway;

import io.countersign.api.problem.Conflict;
import io.countersign.api.problem.ErrorCode;
import io.countersign.api.problem.Forbidden;
import io.countersign.api.problem.NotFound;
import io.countersign.approval.Approval;
import io.countersign.approval.ApprovalId;
import io.countersign.approval.ApprovalStatus;
import io.countersign.approval.requests.Approvals;
import io.countersign.audit.AuditAction;
import io.countersign.change.ChangeProcesses;
import io.countersign.gateway.Route.Action;
import io.countersign.gateway.Route.Request;
import io.countersign.identity.Permission;
import io.countersign.identity.UserId;
import io.countersign.transaction.RepeatableTransaction;
import java.time.Clock;
import java.util.Map;
import java.util.UUID;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Begins deployments of routes on behalf of people and processes. {@link RouteCarrier} carries them out. */
@Component
public class Deployments {

    private final RouteStore routes;
    private final AttachmentStore attachments;
    private final ProjectAccess access;
    private final RouteGuards guards;
    private final Approvals approvals;
    private final ChangeProcesses changes;
    private final GatewayProcesses processes;
    private final RouteTrail trail;
    private final Clock clock;
    private final RepeatableTransaction transaction;

    Deployments(
            RouteStore routes,
            AttachmentStore attachments,
            ProjectAccess access,
            RouteGuards guards,
            Approvals approvals,
            ChangeProcesses changes,
            GatewayProcesses processes,
            RouteTrail trail,
            Clock clock,
            RepeatableTransaction transaction) {
        this.routes = routes;
        this.attachments = attachments;
        this.access = access;
        this.guards = guards;
        this.approvals = approvals;
        this.changes = changes;
        this.processes = processes;
        this.trail = trail;
        this.clock = clock;
        this.transaction = transaction;
    }

    /**
     * Deploys a route: an approved change for the first time, by completing its user task; an active route again, with
     * what was approved for it since; or a failed deployment again. Runs in one transaction that locks the approval and
     * the route first and is retried on concurrent modification.
     *
     * @param actor someone who may deploy routes
     * @return the route being deployed
     * @throws NotFound if there is none with that id that the actor may see
     * @throws Forbidden unless the actor may deploy routes
     * @throws Conflict with {@code wrong_state} if there is nothing to deploy, {@code not_approved} if the record
     *     differs from what was approved
     */
    public Route deploy(UserId actor, String project, String id) {
        return transaction.execute(() -> {
            access.require(actor, project, Permission.ROUTE_DEPLOY);
            Route route = guards.hold(Routes.inProject(routes.find(Routes.parse(id)), project, id));
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
     * Begins the deployment of an approved change. The user task's listener calls this for the person who completes it.
     *
     * @param approval the open request's approval according to the process
     * @throws NotFound if the actor is not a member of the project
     * @throws Forbidden unless the actor may deploy routes
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public void begin(UserId actor, UUID id, ApprovalId approval) {
        Route route = guards.hold(id);
        access.require(actor, route.project(), Permission.ROUTE_DEPLOY);
        requireRequest(route, approval);
        Route deploying = route.deploying(clock.instant());
        routes.save(deploying);
        trail.record(
                AuditAction.DEPLOY,
                route,
                Map.of("approval_id", approval, "request", action(route)),
                RouteTrail.statuses(route, deploying));
    }

    /**
     * Hands an approved change to deployment after checking the recorded approval, together with the approved
     * attachments and detachments that wait for it, except those whose approval lapsed. Nothing is written yet.
     *
     * @param approval the open request's approval according to the process
     * @throws Conflict with {@code not_approved} unless exactly this content is fully approved
     */
    @Transactional(propagation = Propagation.MANDATORY)
    void release(UUID id, ApprovalId approval) {
        Route route = guards.hold(id);
        requireRequest(route, approval);
        route.requireUnderWay();
        Request request = route.request().orElseThrow();
        guards.verify(route, request, approvals::release);
        if (request.action() != Action.DELETE) {
            askForAttachments(route);
        }
    }

    private void deployAgain(Route route) {
        UUID id = route.id();
        Route deploying = route.deploying(clock.instant());
        trail.record(
                AuditAction.DEPLOY,
                route,
                Map.of("approval_id", route.approval(), "request", "redeploy"),
                RouteTrail.statuses(route, deploying));
        switch (changes.state(route.process().orElseThrow())) {
            // It keeps waiting for the same thing.
            case UNDER_WAY -> {}
            case GAVE_UP -> {
                routes.save(deploying);
                changes.retry(route.process().orElseThrow());
            }
            case NONE -> {
                if (route.request().isPresent()) {
                    throw new Conflict(
                            ErrorCode.WRONG_STATE, "The process of this request was ended. It can only be cancelled.");
                }
                routes.save(deploying);
                Request released = route.released().orElseThrow();
                guards.verify(route, released, approvals::carryOut);
                if (released.action() != Action.DELETE) {
                    askForAttachments(route);
                }
                routes.setProcess(id, changes.carryOut(RouteRequests.TYPE, id, route.fullName()));
            }
        }
    }

    /**
     * Includes the approved requests of a route's attachments in the deployment; lapsed ones do not block the others.
     */
    private void askForAttachments(Route route) {
        for (Attachment attachment : attachments.lockLiveOfRoute(route.id())) {
            Approval approval = approvals.hold(attachment.request().approval());
            boolean undecided = attachment.update().isPresent() && approval.status() != ApprovalStatus.APPROVED;
            if (attachment.waitsForDeployment()
                    && !undecided
                    && !approval.reopened()
                    && !approval.lapsed(clock.instant())) {
                guards.verify(attachment, attachment.request(), approvals::release);
            }
        }
    }

    private void requireStanding(ApprovalId id) {
        if (!approvals.get(id).allows(clock.instant())) {
            throw new Conflict(
                    ErrorCode.NOT_APPROVED, "The approval of this request ceased to stand and must be given again.");
        }
    }

    private static void requireRequest(Route route, ApprovalId approval) {
        if (route.request()
                .filter(request -> request.approval().equals(approval))
                .isEmpty()) {
            throw new IllegalStateException(
                    "Approval " + approval + " is not what route " + route.id() + " waits for.");
        }
    }

    private static String action(Route route) {
        return route.request().orElseThrow().action().wireName();
    }
}
