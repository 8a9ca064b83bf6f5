package io.countersign.identity.web;

import io.countersign.api.http.Idempotency;
import io.countersign.api.paging.Page;
import io.countersign.api.paging.SearchRequest;
import io.countersign.api.problem.InvalidInput;
import io.countersign.api.problem.NotFound;
import io.countersign.identity.CurrentUser;
import io.countersign.identity.OrganizationRole;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import io.countersign.identity.members.Members;
import io.countersign.identity.membership.Membership;
import io.countersign.identity.membership.Memberships;
import io.countersign.identity.organization.Organizations;
import io.countersign.identity.organization.Organizations.Organization;
import io.countersign.identity.people.People;
import io.countersign.identity.people.Person;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
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

@RestController
@RequestMapping("/api/v1/orgs")
@Tag(name = "Organizations")
class OrganizationsResource {

    private final Organizations organizations;
    private final Memberships memberships;
    private final Members members;
    private final People people;
    private final Idempotency idempotency;

    OrganizationsResource(
            Organizations organizations,
            Memberships memberships,
            Members members,
            People people,
            Idempotency idempotency) {
        this.organizations = organizations;
        this.memberships = memberships;
        this.members = members;
        this.people = people;
        this.idempotency = idempotency;
    }

    /** @param namespace the namespace of its objects; its id if null */
    record NewOrganization(@NotBlank String id, @NotBlank String name, String namespace) {}

    record RoleChange(@NotBlank String role) {}

    record Member(UserId user, String displayName, String role, boolean deactivated) {}

    @GetMapping
    @Operation(summary = "Lists the organizations that the caller belongs to")
    Page<Organization> list(
            @RequestParam(required = false) Integer limit, @RequestParam(required = false) String cursor) {
        List<Organization> visible = organizations.visibleTo(CurrentUser.get());
        if (limit == null && cursor == null) {
            return new Page<>(visible, null);
        }
        SearchRequest page = SearchRequest.of(limit, cursor, null);
        return Page.of(
                visible.stream()
                        .sorted(Comparator.comparing(Organization::id))
                        .filter(one -> one.id().compareTo(page.afterName()) > 0)
                        .limit(page.limit() + 1)
                        .toList(),
                page.limit(),
                one -> SearchRequest.cursor(one.id()));
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    @Operation(summary = "Creates an organization owned by the caller, a superadmin")
    Organization create(
            @RequestHeader(name = "Idempotency-Key", required = false) String key,
            @Valid @RequestBody NewOrganization body) {
        UserId caller = CurrentUser.get();
        return idempotency.once(
                caller.value(),
                "POST /orgs",
                Optional.ofNullable(key),
                body,
                Organization.class,
                () -> organizations.create(caller, body.id(), body.name(), Optional.ofNullable(body.namespace())));
    }

    @GetMapping("/{org}/members")
    @Operation(summary = "Lists an organization's members by name, all or those whose name contains a text")
    Page<Member> members(
            @PathVariable String org,
            @RequestParam(required = false) String q,
            @RequestParam(required = false) Integer limit,
            @RequestParam(required = false) String cursor) {
        requireMember(org);
        return memberships
                .list(Scope.organization(org), SearchRequest.of(limit, cursor, q))
                .map(member -> new Member(member.user(), member.displayName(), member.role(), member.deactivated()));
    }

    @GetMapping("/{org}/members/{user}")
    @Operation(summary = "Shows a member's role")
    Member member(@PathVariable String org, @PathVariable String user) {
        requireMember(org);
        return memberships
                .recorded(new UserId(user), Scope.organization(org))
                .map(this::member)
                .orElseThrow(() -> new NotFound("member", user));
    }

    @PutMapping("/{org}/members/{user}")
    @Operation(summary = "Adds a member or changes their role")
    Member setRole(@PathVariable String org, @PathVariable String user, @Valid @RequestBody RoleChange body) {
        OrganizationRole role = Arrays.stream(OrganizationRole.values())
                .filter(r -> r.wireName().equals(body.role()))
                .findFirst()
                .orElseThrow(() -> new InvalidInput("role", "must be one of " + roles()));
        return member(
                members.set(CurrentUser.get(), Scope.organization(org), new UserId(user), role, Optional.empty()));
    }

    @DeleteMapping("/{org}/members/{user}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Removes a member; everyone except the only owner may leave")
    void removeMember(@PathVariable String org, @PathVariable String user) {
        members.remove(CurrentUser.get(), Scope.organization(org), new UserId(user));
    }

    private void requireMember(String org) {
        if (!organizations.isVisibleTo(CurrentUser.get(), org)) {
            throw new NotFound("organization", org);
        }
    }

    private Member member(Membership membership) {
        Person person = people.get(membership.user());
        return new Member(person.id(), person.displayName(), membership.role(), !person.active());
    }

    private static String roles() {
        return List.of(OrganizationRole.values()).stream()
                .map(OrganizationRole::wireName)
                .collect(Collectors.joining(", "));
    }
}
