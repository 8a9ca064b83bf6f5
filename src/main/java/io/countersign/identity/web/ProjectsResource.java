package io.countersign.identity.web;

import io.countersign.api.http.Idempotency;
import io.countersign.api.paging.Page;
import io.countersign.api.paging.SearchRequest;
import io.countersign.api.problem.InvalidInput;
import io.countersign.api.problem.NotFound;
import io.countersign.identity.CurrentUser;
import io.countersign.identity.ProjectRole;
import io.countersign.identity.Scope;
import io.countersign.identity.TeamId;
import io.countersign.identity.UserId;
import io.countersign.identity.members.Members;
import io.countersign.identity.membership.Membership;
import io.countersign.identity.membership.Memberships;
import io.countersign.identity.people.People;
import io.countersign.identity.people.Person;
import io.countersign.identity.project.Projects;
import io.countersign.identity.project.Projects.Project;
import io.countersign.identity.project.Projects.Team;
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
@RequestMapping("/api/v1/projects")
@Tag(name = "Projects")
class ProjectsResource {

    private static final String DEFAULT_TEAM = "default";

    private final Projects projects;
    private final Memberships memberships;
    private final Members members;
    private final People people;
    private final Idempotency idempotency;

    ProjectsResource(
            Projects projects, Memberships memberships, Members members, People people, Idempotency idempotency) {
        this.projects = projects;
        this.memberships = memberships;
        this.members = members;
        this.people = people;
        this.idempotency = idempotency;
    }

    /**
     * @param owner its owner; the caller if null
     * @param namespace the namespace of its objects; its id if null
     * @param team the id of the first team, which the owner belongs to; {@code default} if null
     */
    record NewProject(@NotBlank String id, @NotBlank String name, String owner, String namespace, String team) {}

    record NewTeam(@NotBlank String id, @NotBlank String name) {}

    /** @param team null to keep the present team, or to use the project's only one */
    record MemberChange(@NotBlank String role, String team) {}

    record Member(UserId user, String displayName, String role, TeamId team, boolean deactivated) {}

    @GetMapping
    @Operation(summary = "Lists the projects that the caller belongs to")
    Page<Project> list(@RequestParam(required = false) Integer limit, @RequestParam(required = false) String cursor) {
        List<Project> visible = projects.visibleTo(CurrentUser.get());
        if (limit == null && cursor == null) {
            return new Page<>(visible, null);
        }
        SearchRequest page = SearchRequest.of(limit, cursor, null);
        return Page.of(
                visible.stream()
                        .sorted(Comparator.comparing(Project::id))
                        .filter(one -> one.id().compareTo(page.afterName()) > 0)
                        .limit(page.limit() + 1)
                        .toList(),
                page.limit(),
                one -> SearchRequest.cursor(one.id()));
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    @Operation(
            summary = "Creates a project with its default policies and first team; for people who may create projects")
    Project create(
            @RequestHeader(name = "Idempotency-Key", required = false) String key,
            @Valid @RequestBody NewProject body) {
        Person creator = people.get(CurrentUser.get());
        Team team = body.team() == null || body.team().isBlank()
                ? new Team(DEFAULT_TEAM, "Default")
                : new Team(body.team(), body.team());
        return idempotency.once(
                creator.id().value(),
                "POST /projects",
                Optional.ofNullable(key),
                body,
                Project.class,
                () -> projects.create(
                        creator.id(),
                        body.id(),
                        body.name(),
                        team,
                        Optional.ofNullable(body.owner()).map(UserId::new),
                        Optional.ofNullable(body.namespace())));
    }

    @GetMapping("/{project}")
    @Operation(summary = "Shows a project")
    Project get(@PathVariable String project) {
        return visible(project);
    }

    @GetMapping("/{project}/teams")
    @Operation(summary = "Lists a project's teams")
    Page<Team> teams(@PathVariable String project) {
        return new Page<>(projects.teams(visible(project).id()), null);
    }

    @PostMapping("/{project}/teams")
    @ResponseStatus(HttpStatus.CREATED)
    @Operation(summary = "Adds a team")
    Team addTeam(
            @PathVariable String project,
            @RequestHeader(name = "Idempotency-Key", required = false) String key,
            @Valid @RequestBody NewTeam body) {
        UserId caller = CurrentUser.get();
        return idempotency.once(
                caller.value(),
                "POST /projects/" + project + "/teams",
                Optional.ofNullable(key),
                body,
                Team.class,
                () -> projects.addTeam(caller, project, new Team(body.id(), body.name())));
    }

    @GetMapping("/{project}/members")
    @Operation(
            summary = "Lists a project's members by name with role and team, all or those whose name contains a text")
    Page<Member> members(
            @PathVariable String project,
            @RequestParam(required = false) String q,
            @RequestParam(required = false) Integer limit,
            @RequestParam(required = false) String cursor) {
        return memberships
                .list(Scope.project(visible(project).id()), SearchRequest.of(limit, cursor, q))
                .map(member -> new Member(
                        member.user(), member.displayName(), member.role(), member.team(), member.deactivated()));
    }

    @GetMapping("/{project}/members/{user}")
    @Operation(summary = "Shows a member's role and team")
    Member member(@PathVariable String project, @PathVariable String user) {
        return memberships
                .recorded(new UserId(user), Scope.project(visible(project).id()))
                .map(this::member)
                .orElseThrow(() -> new NotFound("member", user));
    }

    @PutMapping("/{project}/members/{user}")
    @Operation(summary = "Adds a member or changes their role and team")
    Member setMember(@PathVariable String project, @PathVariable String user, @Valid @RequestBody MemberChange body) {
        ProjectRole role = Arrays.stream(ProjectRole.values())
                .filter(r -> r.wireName().equals(body.role()))
                .findFirst()
                .orElseThrow(() -> new InvalidInput("role", "must be one of " + roles()));
        visible(project);
        return member(members.set(
                CurrentUser.get(),
                Scope.project(project),
                new UserId(user),
                role,
                Optional.of(team(project, new UserId(user), body.team()))));
    }

    @DeleteMapping("/{project}/members/{user}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Removes a member; everyone except the only owner may leave")
    void removeMember(@PathVariable String project, @PathVariable String user) {
        members.remove(CurrentUser.get(), Scope.project(project), new UserId(user));
    }

    private TeamId team(String project, UserId user, String given) {
        List<Team> teams = projects.teams(project);
        if (given != null) {
            if (teams.stream().noneMatch(team -> team.id().equals(given))) {
                throw new InvalidInput("team", "must be a team of the project");
            }
            return new TeamId(given);
        }
        return memberships
                .find(user, Scope.project(project))
                .flatMap(Membership::team)
                .or(() ->
                        teams.size() == 1 ? Optional.of(new TeamId(teams.get(0).id())) : Optional.empty())
                .orElseThrow(() -> new InvalidInput("team", "must name one of the project's teams"));
    }

    private Project visible(String id) {
        return projects.getVisible(CurrentUser.get(), id);
    }

    private Member member(Membership membership) {
        Person person = people.get(membership.user());
        return new Member(
                person.id(),
                person.displayName(),
                membership.role(),
                membership.team().orElse(null),
                !person.active());
    }

    private static String roles() {
        return Arrays.stream(ProjectRole.values()).map(ProjectRole::wireName).collect(Collectors.joining(", "));
    }
}
