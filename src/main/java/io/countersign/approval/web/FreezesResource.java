package io.countersign.approval.web;

import io.countersign.api.http.Idempotency;
import io.countersign.api.paging.Page;
import io.countersign.api.paging.PageRequest;
import io.countersign.api.problem.NotFound;
import io.countersign.approval.freeze.Freeze;
import io.countersign.approval.freeze.Freezes;
import io.countersign.identity.CurrentUser;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1")
@Tag(name = "Freeze windows")
class FreezesResource {

    private final Freezes freezes;
    private final Idempotency idempotency;
    private final Clock clock;

    FreezesResource(Freezes freezes, Idempotency idempotency, Clock clock) {
        this.freezes = freezes;
        this.idempotency = idempotency;
        this.clock = clock;
    }

    /** @param startsAt when it starts; now if missing or past */
    record NewFreeze(Instant startsAt, Instant endsAt, String reason) {}

    /** A window; {@code status} is {@code planned}, {@code active}, {@code over} or {@code lifted}. */
    record FreezeView(
            UUID id,
            Instant startsAt,
            Instant endsAt,
            String reason,
            String status,
            UserId createdBy,
            Instant liftedAt,
            UserId liftedBy,
            String liftReason) {

        static FreezeView of(Freeze freeze, Instant now) {
            return new FreezeView(
                    freeze.id(),
                    freeze.startsAt(),
                    freeze.endsAt(),
                    freeze.reason(),
                    freeze.liftedAt().isPresent()
                            ? "lifted"
                            : freeze.over(now) ? "over" : freeze.inForce(now) ? "active" : "planned",
                    freeze.createdBy(),
                    freeze.liftedAt().orElse(null),
                    freeze.liftedBy().orElse(null),
                    freeze.liftReason().orElse(null));
        }
    }

    @GetMapping("/projects/{project}/freezes")
    @Operation(summary = "Lists a project's freeze windows, the latest first")
    Page<FreezeView> inProject(
            @PathVariable String project,
            @RequestParam(required = false) Integer limit,
            @RequestParam(required = false) String cursor) {
        return list(Scope.project(project), PageRequest.of(limit, cursor));
    }

    @PostMapping("/projects/{project}/freezes")
    @ResponseStatus(HttpStatus.CREATED)
    @Operation(summary = "Freezes deployments of a project for a time, as its owner or admin")
    FreezeView addInProject(
            @PathVariable String project,
            @RequestHeader(name = "Idempotency-Key", required = false) String key,
            @RequestBody NewFreeze body) {
        return add(Scope.project(project), key, body);
    }

    @DeleteMapping("/projects/{project}/freezes/{id}")
    @Operation(summary = "Lifts a project's freeze window with a reason, as its owner; what waits goes on at once")
    FreezeView liftInProject(
            @PathVariable String project, @PathVariable String id, @RequestParam(required = false) String reason) {
        return lift(Scope.project(project), id, reason);
    }

    @GetMapping("/orgs/{org}/freezes")
    @Operation(summary = "Lists an organization's freeze windows, the latest first")
    Page<FreezeView> inOrganization(
            @PathVariable String org,
            @RequestParam(required = false) Integer limit,
            @RequestParam(required = false) String cursor) {
        return list(Scope.organization(org), PageRequest.of(limit, cursor));
    }

    @PostMapping("/orgs/{org}/freezes")
    @ResponseStatus(HttpStatus.CREATED)
    @Operation(summary = "Freezes what an organization's requests lead to for a time, as its owner or admin")
    FreezeView addInOrganization(
            @PathVariable String org,
            @RequestHeader(name = "Idempotency-Key", required = false) String key,
            @RequestBody NewFreeze body) {
        return add(Scope.organization(org), key, body);
    }

    @DeleteMapping("/orgs/{org}/freezes/{id}")
    @Operation(
            summary = "Lifts an organization's freeze window with a reason, as its owner; what waits goes on at once")
    FreezeView liftInOrganization(
            @PathVariable String org, @PathVariable String id, @RequestParam(required = false) String reason) {
        return lift(Scope.organization(org), id, reason);
    }

    private Page<FreezeView> list(Scope scope, PageRequest page) {
        Instant now = clock.instant();
        return freezes.in(CurrentUser.get(), scope, page).map(freeze -> FreezeView.of(freeze, now));
    }

    private FreezeView add(Scope scope, String key, NewFreeze body) {
        UserId caller = CurrentUser.get();
        return idempotency.once(
                caller.value(),
                "POST freezes " + scope,
                Optional.ofNullable(key),
                body,
                FreezeView.class,
                () -> FreezeView.of(
                        freezes.add(caller, scope, body.startsAt(), body.endsAt(), body.reason()), clock.instant()));
    }

    private FreezeView lift(Scope scope, String id, String reason) {
        UUID freeze;
        try {
            freeze = UUID.fromString(id);
        } catch (IllegalArgumentException e) {
            throw new NotFound("freeze", id);
        }
        return FreezeView.of(freezes.lift(CurrentUser.get(), scope, freeze, reason), clock.instant());
    }
}
