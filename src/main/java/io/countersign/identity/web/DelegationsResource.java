package io.countersign.identity.web;

import io.countersign.api.http.Idempotency;
import io.countersign.api.paging.Page;
import io.countersign.api.problem.InvalidInput;
import io.countersign.api.problem.NotFound;
import io.countersign.identity.CurrentUser;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import io.countersign.identity.delegation.Delegation;
import io.countersign.identity.delegation.Delegations;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
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
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1")
@Tag(name = "Delegations")
class DelegationsResource {

    private final Delegations delegations;
    private final Idempotency idempotency;
    private final Clock clock;

    DelegationsResource(Delegations delegations, Idempotency idempotency, Clock clock) {
        this.delegations = delegations;
        this.idempotency = idempotency;
        this.clock = clock;
    }

    /** @param from the start; now if it is missing or past */
    record NewDelegation(
            String standIn, String organization, String project, Instant from, Instant until, String reason) {}

    /** A delegation, in force while its status is {@code active}. */
    record DelegationView(
            UUID id,
            UserId absent,
            UserId standIn,
            String organization,
            String project,
            Instant from,
            Instant until,
            String reason,
            Delegation.State status,
            Instant acceptedAt,
            Instant declinedAt,
            Instant endedAt,
            UserId endedBy) {

        static DelegationView of(Delegation delegation, Instant now) {
            return new DelegationView(
                    delegation.id(),
                    delegation.absent(),
                    delegation.standIn(),
                    id(delegation, Scope.Type.ORGANIZATION),
                    id(delegation, Scope.Type.PROJECT),
                    delegation.startsAt(),
                    delegation.endsAt(),
                    delegation.reason(),
                    delegation.state(now),
                    delegation.acceptedAt().orElse(null),
                    delegation.declinedAt().orElse(null),
                    delegation.endedAt().orElse(null),
                    delegation.endedBy().orElse(null));
        }

        private static String id(Delegation delegation, Scope.Type type) {
            return delegation
                    .scope()
                    .filter(scope -> scope.type() == type)
                    .map(Scope::id)
                    .orElse(null);
        }
    }

    @GetMapping("/me/delegations")
    @Operation(summary = "Lists the caller's stand-ins and the people the caller stands in for, newest first")
    Page<DelegationView> own() {
        return page(delegations.of(CurrentUser.get()));
    }

    @PostMapping("/me/delegations")
    @ResponseStatus(HttpStatus.CREATED)
    @Operation(summary = "Asks a person to stand in for the caller; takes effect once they accept")
    DelegationView add(
            @RequestHeader(name = "Idempotency-Key", required = false) String key, @RequestBody NewDelegation body) {
        if (body.standIn() == null || body.standIn().isBlank()) {
            throw new InvalidInput("stand_in", "must name a person");
        }
        if (body.organization() != null && body.project() != null) {
            throw new InvalidInput("project", "must not be given together with an organization");
        }
        Optional<Scope> scope = Optional.ofNullable(body.organization())
                .map(Scope::organization)
                .or(() -> Optional.ofNullable(body.project()).map(Scope::project));
        UserId caller = CurrentUser.get();
        return idempotency.once(
                caller.value(),
                "POST /me/delegations",
                Optional.ofNullable(key),
                body,
                DelegationView.class,
                () -> DelegationView.of(
                        delegations.add(
                                caller, new UserId(body.standIn()), scope, body.from(), body.until(), body.reason()),
                        clock.instant()));
    }

    @PostMapping("/me/delegations/{id}/accept")
    @Operation(summary = "Accepts a request to stand in, as the person asked")
    DelegationView accept(@PathVariable String id) {
        return DelegationView.of(delegations.accept(CurrentUser.get(), parse(id)), clock.instant());
    }

    @PostMapping("/me/delegations/{id}/decline")
    @Operation(summary = "Declines a request to stand in, as the person asked")
    DelegationView decline(@PathVariable String id) {
        return DelegationView.of(delegations.decline(CurrentUser.get(), parse(id)), clock.instant());
    }

    @DeleteMapping("/me/delegations/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Ends a delegation that names the caller, or withdraws a proposal")
    void endOwn(@PathVariable String id) {
        delegations.end(CurrentUser.get(), parse(id));
    }

    @GetMapping("/delegations")
    @Operation(summary = "Lists all active, planned and proposed delegations; for superadmins")
    Page<DelegationView> all() {
        return page(delegations.in(CurrentUser.get(), Scope.PLATFORM));
    }

    @GetMapping("/orgs/{org}/delegations")
    @Operation(summary = "Lists an organization's active, planned and proposed delegations; for its owners and admins")
    Page<DelegationView> inOrganization(@PathVariable String org) {
        return page(delegations.in(CurrentUser.get(), Scope.organization(org)));
    }

    @GetMapping("/projects/{project}/delegations")
    @Operation(summary = "Lists a project's active, planned and proposed delegations; for its owners and admins")
    Page<DelegationView> inProject(@PathVariable String project) {
        return page(delegations.in(CurrentUser.get(), Scope.project(project)));
    }

    @DeleteMapping("/delegations/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(
            summary = "Ends a delegation; for the two people involved, owners and admins of its scope, and superadmins")
    void end(@PathVariable String id) {
        delegations.end(CurrentUser.get(), parse(id));
    }

    private Page<DelegationView> page(List<Delegation> found) {
        Instant now = clock.instant();
        return new Page<>(
                found.stream()
                        .map(delegation -> DelegationView.of(delegation, now))
                        .toList(),
                null);
    }

    private static UUID parse(String id) {
        try {
            return UUID.fromString(id);
        } catch (IllegalArgumentException e) {
            throw new NotFound("delegation", id);
        }
    }
}
