package io.countersign.gateway.web;

import io.countersign.api.FailedTry;
import io.countersign.api.http.Idempotency;
import io.countersign.api.paging.Page;
import io.countersign.api.paging.PageRequest;
import io.countersign.api.problem.InvalidInput;
import io.countersign.api.problem.NotFound;
import io.countersign.approval.ApprovalId;
import io.countersign.change.FailedTries;
import io.countersign.gateway.Deployments;
import io.countersign.gateway.Route;
import io.countersign.gateway.RouteDraft;
import io.countersign.gateway.RouteStatus;
import io.countersign.gateway.Routes;
import io.countersign.identity.CurrentUser;
import io.countersign.identity.Permission;
import io.countersign.identity.UserId;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Routes, under their domain and, since ids are unique, directly under their project. */
@RestController
@RequestMapping("/api/v1/projects/{project}")
@Tag(name = "Routes")
class RoutesResource {

    private static final String IN_DOMAIN = "/domains/{domain}/routes";
    private static final String IN_PROJECT = "/routes";

    private final Routes routes;
    private final Deployments deployments;
    private final FailedTries tries;
    private final Idempotency idempotency;

    RoutesResource(Routes routes, Deployments deployments, FailedTries tries, Idempotency idempotency) {
        this.routes = routes;
        this.deployments = deployments;
        this.tries = tries;
        this.idempotency = idempotency;
    }

    /** The response to a request: the route's status and the approval to follow. */
    record Submitted(UUID id, RouteStatus status, ApprovalId approvalId) {

        static Submitted of(Route route) {
            return new Submitted(route.id(), route.status(), route.approval());
        }
    }

    @GetMapping({IN_DOMAIN, IN_PROJECT})
    @Operation(summary = "Lists routes, newest first")
    Page<RouteView> list(
            @PathVariable String project,
            @PathVariable(required = false) String domain,
            @RequestParam(required = false) String status,
            @RequestParam(required = false) Integer limit,
            @RequestParam(required = false) String cursor) {
        Optional<RouteStatus> wanted = Optional.ofNullable(status)
                .map(name -> RouteStatus.find(name)
                        .orElseThrow(() -> new InvalidInput("status", "must be the status of a route")));
        Page<Route> page = routes.list(
                CurrentUser.get(), project, Optional.ofNullable(domain), wanted, PageRequest.of(limit, cursor));
        Map<UUID, FailedTry> failed =
                tries.of(page.items().stream().map(Route::id).toList());
        return page.map(route -> RouteView.of(route, Optional.ofNullable(failed.get(route.id()))));
    }

    @PostMapping(IN_DOMAIN)
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Operation(summary = "Asks for a new route; it waits for approval")
    Submitted create(
            @PathVariable String project,
            @PathVariable String domain,
            @RequestHeader(name = "Idempotency-Key", required = false) String idempotencyKey,
            @RequestBody RouteDraft body) {
        UserId caller = CurrentUser.get();
        String operation = "POST /projects/" + project + "/domains/" + domain + "/routes";
        Optional<String> key = Optional.ofNullable(idempotencyKey);
        if (!idempotency.isAnswered(caller.value(), operation, key)) {
            routes.requireFree(caller, project, domain, body.name(), body, Permission.ROUTE_CREATE);
        }
        return idempotency.once(
                caller.value(),
                operation,
                key,
                body,
                Submitted.class,
                () -> Submitted.of(routes.create(caller, project, domain, body)));
    }

    @GetMapping({IN_DOMAIN + "/{id}", IN_PROJECT + "/{id}"})
    @Operation(summary = "Shows a route")
    RouteView get(
            @PathVariable String project, @PathVariable(required = false) String domain, @PathVariable String id) {
        Route route = routes.get(CurrentUser.get(), project, id);
        if (domain != null && !route.domain().equals(domain)) {
            throw new NotFound("route", id);
        }
        return RouteView.of(route, tries.of(route.id()));
    }

    @PutMapping({IN_DOMAIN + "/{id}", IN_PROJECT + "/{id}"})
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Operation(summary = "Asks to change a route; the change waits for approval")
    Submitted update(
            @PathVariable String project,
            @PathVariable(required = false) String domain,
            @PathVariable String id,
            @RequestBody RouteDraft body) {
        requireInDomain(project, domain, id);
        UserId caller = CurrentUser.get();
        Route route = routes.get(caller, project, id);
        routes.requireFree(caller, project, route.domain(), route.name(), body, Permission.ROUTE_EDIT);
        return Submitted.of(routes.update(caller, project, id, body));
    }

    @DeleteMapping({IN_DOMAIN + "/{id}", IN_PROJECT + "/{id}"})
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Operation(summary = "Asks to delete a route; the deletion waits for approval and is then deployed")
    Submitted delete(
            @PathVariable String project, @PathVariable(required = false) String domain, @PathVariable String id) {
        requireInDomain(project, domain, id);
        return Submitted.of(routes.delete(CurrentUser.get(), project, id));
    }

    @PostMapping({IN_DOMAIN + "/{id}/deploy", IN_PROJECT + "/{id}/deploy"})
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Operation(summary = "Deploys an approved change, an active route once more, or a failed deployment again")
    Submitted deploy(
            @PathVariable String project, @PathVariable(required = false) String domain, @PathVariable String id) {
        requireInDomain(project, domain, id);
        return Submitted.of(deployments.deploy(CurrentUser.get(), project, id));
    }

    private void requireInDomain(String project, String domain, String id) {
        if (domain != null) {
            get(project, domain, id);
        }
    }
}
