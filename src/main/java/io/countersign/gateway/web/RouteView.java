package io.countersign.gateway.web;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.countersign.api.FailedTry;
import io.countersign.approval.ApprovalId;
import io.countersign.gateway.Route;
import io.countersign.gateway.RouteSpec;
import io.countersign.gateway.RouteStatus;
import io.countersign.identity.UserId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A route as clients see it: its present specification and the one that its open request proposes.
 *
 * @param approvalId the approval of the open request, or else of the last deployment
 * @param action the action of the open request; null if none is open
 * @param proposed the requested specification, if the open request changes an existing route
 * @param failed the last attempt of its deployment, if it failed
 */
record RouteView(
        UUID id,
        String project,
        String domain,
        String host,
        String name,
        RouteStatus status,
        String statusReason,
        ApprovalId approvalId,
        Route.Action action,
        String path,
        RouteSpec.PathMatch pathMatch,
        List<String> methods,
        RouteSpec.Backend backend,
        List<RouteSpec.Header> headers,
        RouteSpec.Rewrite rewrite,
        Integer timeoutSeconds,
        RouteSpec.RateLimit rateLimit,
        RouteSpec.Access access,
        RouteSpec proposed,
        UserId createdBy,
        Instant createdAt,
        Instant updatedAt,
        @JsonUnwrapped FailedTry.Fields failed) {

    static RouteView of(Route route, Optional<FailedTry> failed) {
        RouteSpec spec = route.spec();
        return new RouteView(
                route.id(),
                route.project(),
                route.domain(),
                spec.host(),
                route.name(),
                route.status(),
                route.statusReason().orElse(null),
                route.approval(),
                route.request().map(Route.Request::action).orElse(null),
                spec.path(),
                spec.pathMatch(),
                spec.methods(),
                spec.backend(),
                spec.headers(),
                spec.rewrite(),
                spec.timeoutSeconds(),
                spec.rateLimit(),
                spec.access(),
                route.request()
                        .filter(request -> request.action() == Route.Action.UPDATE)
                        .map(Route.Request::spec)
                        .orElse(null),
                route.createdBy(),
                route.createdAt(),
                route.updatedAt(),
                FailedTry.fields(failed));
    }
}
