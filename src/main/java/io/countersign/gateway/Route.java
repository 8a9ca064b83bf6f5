package io.countersign.gateway;

import com.fasterxml.jackson.annotation.JsonValue;
import io.countersign.api.problem.Conflict;
import io.countersign.api.problem.ErrorCode;
import io.countersign.approval.ApprovalId;
import io.countersign.approval.CanonicalJson;
import io.countersign.identity.UserId;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/**
 * A route, as recorded. Its state changes return the changed route, or refuse if {@link RouteLifecycle} has no such
 * row.
 *
 * @param id its id
 * @param project the project it belongs to
 * @param domain the domain it belongs to
 * @param name unique in the domain among routes that are neither rejected nor gone
 * @param status its status
 * @param statusBefore the status that a refused request returns it to; empty while none is open, and for a new route
 * @param statusReason the reason for the status, such as why a deployment failed
 * @param request the open request: submitted, with nothing written to the target yet
 * @param released the request last written to the target, or being written
 * @param adopting whether the write under way may take over objects created by others: from the first write of a
 *     request that asks for it until its deployment is done
 * @param deployed the route on the target, as canonical JSON
 * @param deploymentDone whether the target reported the deployment under way as done
 * @param process the process instance of its last request or redeployment
 * @param gone whether it was deleted
 * @param createdBy who requested it
 * @param createdAt when
 * @param updatedAt when it last changed
 */
public record Route(
        UUID id,
        String project,
        String domain,
        String name,
        RouteStatus status,
        Optional<RouteStatus> statusBefore,
        Optional<String> statusReason,
        Optional<Request> request,
        Optional<Request> released,
        boolean adopting,
        Optional<String> deployed,
        boolean deploymentDone,
        Optional<String> process,
        boolean gone,
        UserId createdBy,
        Instant createdAt,
        Instant updatedAt) {

    /** The kind of change that a request asks for. */
    public enum Action {
        CREATE,
        UPDATE,
        DELETE;

        /** @return the name in the database, in approvals and in JSON */
        @JsonValue
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Action of(String wireName) {
            return Arrays.stream(values())
                    .filter(action -> action.wireName().equals(wireName))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("No action " + wireName));
        }
    }

    /**
     * A request that was submitted.
     *
     * @param action the requested action
     * @param content the requested route, or the one to delete, as canonical JSON: stored as text, so that its hash
     *     never depends on how a later version serializes it
     * @param approval its approval
     */
    public record Request(Action action, String content, ApprovalId approval) {

        /** @return the requested route, or the one to delete */
        public RouteSpec spec() {
            return CanonicalJson.read(content, RouteSpec.class);
        }
    }

    /** @return its display name, such as {@code shop/cart} */
    public String fullName() {
        return domain + "/" + name;
    }

    /** @return its specification: the one released last, or the requested one if none was released */
    public RouteSpec spec() {
        return released.or(() -> request).orElseThrow().spec();
    }

    /** @return the approval of its open request, or else of its last deployment */
    public ApprovalId approval() {
        return request.or(() -> released).orElseThrow().approval();
    }

    /** @throws IllegalStateException unless it is being deployed */
    void requireUnderWay() {
        if (status != RouteStatus.PENDING_DEPLOY || gone) {
            throw new IllegalStateException("Route " + id + " is not being deployed.");
        }
    }

    /** @return this route with a request to change or delete it */
    Route submitted(Request submitted, Instant now) {
        switch (status) {
            case PENDING_CREATE, PENDING_UPDATE, PENDING_DELETE, APPROVED ->
                throw new Conflict(ErrorCode.REQUEST_PENDING, "Another request about this route is still open.");
            case PENDING_DEPLOY, ACTIVE, REJECTED -> {}
        }
        RouteEvent event = submitted.action() == Action.UPDATE ? RouteEvent.SUBMIT_UPDATE : RouteEvent.SUBMIT_DELETION;
        return with(
                RouteLifecycle.TABLE.after(status, event),
                Optional.of(status),
                statusReason,
                Optional.of(submitted),
                released,
                adopting,
                deployed,
                false,
                now);
    }

    /** @return this route after its request was approved in full, possibly again */
    Route approved(Instant now) {
        return with(
                RouteLifecycle.TABLE.after(status, RouteEvent.APPROVE),
                statusBefore,
                status == RouteStatus.APPROVED ? Optional.empty() : statusReason,
                request,
                released,
                adopting,
                deployed,
                false,
                now);
    }

    /** @return this route after its request was rejected or cancelled */
    Route refused(Instant now) {
        RouteEvent event = statusBefore
                .map(before -> before == RouteStatus.ACTIVE
                        ? RouteEvent.REFUSE_CHANGE
                        : RouteEvent.REFUSE_CHANGE_OF_UNDEPLOYED)
                .orElse(RouteEvent.REFUSE_CREATION);
        RouteStatus next = RouteLifecycle.TABLE.after(status, event);
        return with(
                next,
                Optional.empty(),
                // The reason belonged to this request's deployment, which is over.
                status == RouteStatus.PENDING_DEPLOY ? Optional.empty() : statusReason,
                // A rejected creation keeps its request, the only record of the route.
                next == RouteStatus.REJECTED ? request : Optional.empty(),
                released,
                adopting,
                deployed,
                false,
                now);
    }

    /** @return this route when its request must be approved again before anything of it is deployed */
    Route reopened(String reason, Instant now) {
        return with(
                RouteLifecycle.TABLE.after(status, RouteEvent.REOPEN),
                statusBefore,
                Optional.of(reason),
                request,
                released,
                adopting,
                deployed,
                false,
                now);
    }

    /** @return this route when its deployment, or a retry, begins */
    Route deploying(Instant now) {
        return with(
                RouteLifecycle.TABLE.after(status, RouteEvent.DEPLOY),
                statusBefore,
                Optional.empty(),
                request,
                released,
                adopting,
                deployed,
                false,
                now);
    }

    /** @return this route, committed to the first write of its open request */
    Route released(Instant now) {
        return with(
                status,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                request,
                request.orElseThrow().spec().adopt(),
                deployed,
                false,
                now);
    }

    /** @return this route with the progress of its deployment; the reason is user-facing, empty if there is none */
    Route noted(Optional<String> reason, boolean done, Instant now) {
        return with(status, statusBefore, reason, request, released, adopting, deployed, done, now);
    }

    /** @return this route once the target has the released version */
    Route activated(Instant now) {
        return with(
                RouteLifecycle.TABLE.after(status, RouteEvent.ACTIVATE),
                Optional.empty(),
                Optional.empty(),
                request,
                released,
                false,
                released.map(Request::content),
                false,
                now);
    }

    /** @return this route once the target no longer has it */
    Route removed(Instant now) {
        RouteLifecycle.TABLE
                .find(status, RouteEvent.REMOVE)
                .orElseThrow(() -> new IllegalStateException("Not removed: the route is " + status.wireName() + "."));
        return new Route(
                id,
                project,
                domain,
                name,
                status,
                Optional.empty(),
                Optional.empty(),
                request,
                released,
                false,
                Optional.empty(),
                false,
                process,
                true,
                createdBy,
                createdAt,
                now);
    }

    /** @return this route with the process instance of its request or redeployment */
    Route carriedOutBy(String instance) {
        return new Route(
                id,
                project,
                domain,
                name,
                status,
                statusBefore,
                statusReason,
                request,
                released,
                adopting,
                deployed,
                deploymentDone,
                Optional.of(instance),
                gone,
                createdBy,
                createdAt,
                updatedAt);
    }

    private Route with(
            RouteStatus nextStatus,
            Optional<RouteStatus> nextBefore,
            Optional<String> nextReason,
            Optional<Request> nextRequest,
            Optional<Request> nextReleased,
            boolean nextAdopting,
            Optional<String> nextDeployed,
            boolean nextDone,
            Instant now) {
        return new Route(
                id,
                project,
                domain,
                name,
                nextStatus,
                nextBefore,
                nextReason,
                nextRequest,
                nextReleased,
                nextAdopting,
                nextDeployed,
                nextDone,
                process,
                gone,
                createdBy,
                createdAt,
                now);
    }
}
