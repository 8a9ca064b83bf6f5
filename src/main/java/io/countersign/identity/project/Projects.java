package io.countersign.identity.project;

import io.countersign.api.problem.Conflict;
import io.countersign.api.problem.ErrorCode;
import io.countersign.api.problem.Forbidden;
import io.countersign.api.problem.InvalidInput;
import io.countersign.api.problem.NotFound;
import io.countersign.api.validation.DisplayName;
import io.countersign.api.validation.Validation;
import io.countersign.audit.AuditAction;
import io.countersign.audit.AuditSubject;
import io.countersign.audit.AuditTrail;
import io.countersign.audit.Difference;
import io.countersign.identity.Names;
import io.countersign.identity.Permission;
import io.countersign.identity.ProjectRole;
import io.countersign.identity.Scope;
import io.countersign.identity.TeamId;
import io.countersign.identity.UserId;
import io.countersign.identity.members.Members;
import io.countersign.identity.membership.Memberships;
import io.countersign.identity.namespace.Namespaces;
import io.countersign.identity.people.People;
import io.countersign.identity.people.Person;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Projects and their teams. */
@Component
@Transactional
public class Projects {

    private static final String ENTITY = "project";

    private final JdbcClient jdbc;
    private final Memberships memberships;
    private final Members members;
    private final People people;
    private final Namespaces namespaces;
    private final ProjectProperties properties;
    private final AuditTrail audit;
    private final ApplicationEventPublisher events;

    Projects(
            JdbcClient jdbc,
            Memberships memberships,
            Members members,
            People people,
            Namespaces namespaces,
            ProjectProperties properties,
            AuditTrail audit,
            ApplicationEventPublisher events) {
        this.jdbc = jdbc;
        this.memberships = memberships;
        this.members = members;
        this.people = people;
        this.namespaces = namespaces;
        this.properties = properties;
        this.audit = audit;
        this.events = events;
    }

    /**
     * A project.
     *
     * @param id its name in paths
     * @param name its display name
     * @param namespace the namespace of its objects; no other organization or project shares it
     */
    public record Project(String id, String name, String namespace) {}

    /**
     * A team of a project.
     *
     * @param id its name in paths
     * @param name its display name
     */
    public record Team(String id, String name) {}

    /** @return the projects that a person belongs to, or all of them for a superadmin, ordered by id */
    @Transactional(readOnly = true)
    public List<Project> visibleTo(UserId user) {
        return jdbc.sql("""
                        select id, name, namespace from projects p join namespaces on scope = 'project:' || id
                        where exists (select from members m where m.project_id = p.id and m.user_id = :user)
                           or exists (select from users u where u.id = :user and u.superadmin)
                        order by id""").param("user", user.value()).query(Project.class).list();
    }

    /**
     * @return the project, for its members and superadmins
     * @throws NotFound if there is none of that id that the person may see
     */
    @Transactional(readOnly = true)
    public Project getVisible(UserId user, String id) {
        if (memberships.find(user, Scope.project(id)).isEmpty()
                && memberships.find(user, Scope.PLATFORM).isEmpty()) {
            throw new NotFound(ENTITY, id);
        }
        return get(id);
    }

    /**
     * @return the project
     * @throws NotFound if there is none of that id
     */
    @Transactional(readOnly = true)
    public Project get(String id) {
        return jdbc.sql("""
                        select id, name, namespace from projects join namespaces on scope = 'project:' || id
                        where id = ?""").param(id).query(Project.class).optional().orElseThrow(() -> new NotFound(ENTITY, id));
    }

    /** @return a project's teams, ordered by id */
    @Transactional(readOnly = true)
    public List<Team> teams(String project) {
        return jdbc.sql("select id, name from teams where project_id = ? order by id")
                .param(project)
                .query(Team.class)
                .list();
    }

    /**
     * @param person any person
     * @return whether they may create projects: superadmins, and those named in {@code countersign.projects.creators}
     */
    @Transactional(readOnly = true)
    public boolean mayCreate(UserId person) {
        return memberships.find(person, Scope.PLATFORM).isPresent()
                || properties.creators().contains(person.value());
    }

    /** @throws Forbidden with {@code missing_permission} unless the person may create projects */
    @Transactional(readOnly = true)
    public void requireMayCreate(UserId person) {
        if (!mayCreate(person)) {
            throw new Forbidden(
                    ErrorCode.MISSING_PERMISSION,
                    "Only superadmins and the people named in countersign.projects.creators can create projects. Ask one of them.");
        }
    }

    /**
     * Creates a project with its first team and owner.
     *
     * @param creator a superadmin, or a person named in {@code countersign.projects.creators}
     * @param firstTeam the owner's team
     * @param owner its owner; empty for the creator
     * @param namespace the namespace for its objects; empty to use its id
     * @throws Forbidden with {@code missing_permission} unless the creator may create projects
     * @throws InvalidInput naming every field that breaks its rule
     * @throws Conflict with {@code project_exists} if the id is taken, {@code namespace_taken} if the namespace is
     */
    public Project create(
            UserId creator,
            String id,
            String name,
            Team firstTeam,
            Optional<UserId> owner,
            Optional<String> namespace) {
        requireMayCreate(creator);
        owner.ifPresent(person -> {
            if (people.find(person).filter(Person::active).isEmpty()) {
                throw new InvalidInput("owner", "must be a person who can sign in");
            }
        });
        return create(id, name, firstTeam, owner.orElse(creator), namespace);
    }

    /**
     * Creates a project with its first team and owner, without an actor: for setup and demonstration data. Publishes
     * its creation, so that default policies are seeded.
     *
     * @param firstTeam the team of the owner, since every member has one
     * @throws InvalidInput naming every field that breaks its rule
     * @throws Conflict with {@code project_exists} if the id is taken, {@code namespace_taken} if its namespace is
     */
    public Project create(String id, String name, Team firstTeam, UserId owner) {
        return create(id, name, firstTeam, owner, Optional.empty());
    }

    private Project create(String id, String name, Team firstTeam, UserId owner, Optional<String> wanted) {
        Validation validation = new Validation();
        validation.check(Names.isDnsLabel(id), "id", Names.DNS_LABEL_RULE);
        String namespace = namespaces.check(validation, id, wanted);
        validation.check(Names.isDnsLabel(firstTeam.id()), "team", Names.DNS_LABEL_RULE);
        DisplayName.check(validation, name, "name", DisplayName.MAX_LENGTH);
        validation.done();
        int added = jdbc.sql("insert into projects (id, name) values (?, ?) on conflict do nothing")
                .params(id, name)
                .update();
        if (added == 0) {
            throw new Conflict(ErrorCode.PROJECT_EXISTS, "There is a project \"" + id + "\" already.");
        }
        namespaces.bind(Scope.project(id), namespace);
        audit.record(
                AuditAction.CREATE,
                new AuditSubject(ENTITY, id, name, Scope.project(id).toString()),
                Map.of(),
                Difference.created(Map.of("name", name, "namespace", namespace)));
        writeTeam(id, firstTeam);
        members.write(Scope.project(id), owner, ProjectRole.OWNER, Optional.of(new TeamId(firstTeam.id())));
        events.publishEvent(new ProjectCreated(id));
        return new Project(id, name, namespace);
    }

    /**
     * Adds a team.
     *
     * @param actor a person who may manage the project's teams
     * @throws NotFound if the actor is no member
     * @throws Forbidden unless the actor may manage teams
     * @throws Conflict with {@code team_exists} if the id is taken
     */
    public Team addTeam(UserId actor, String project, Team team) {
        memberships.require(actor, Scope.project(project), Permission.PROJECT_TEAMS);
        Validation validation = new Validation();
        validation.check(Names.isDnsLabel(team.id()), "id", Names.DNS_LABEL_RULE);
        DisplayName.check(validation, team.name(), "name", DisplayName.MAX_LENGTH);
        validation.done();
        if (!writeTeam(project, team)) {
            throw new Conflict(ErrorCode.TEAM_EXISTS, "There is a team \"" + team.id() + "\" already.");
        }
        return team;
    }

    /**
     * Adds a team without an actor: for setup and demonstration data.
     *
     * @return whether the team was added; false if there is one of that id
     */
    public boolean writeTeam(String project, Team team) {
        boolean added = jdbc.sql("insert into teams (project_id, id, name) values (?, ?, ?) on conflict do nothing")
                        .params(project, team.id(), team.name())
                        .update()
                == 1;
        if (added) {
            Scope scope = Scope.project(project);
            audit.record(
                    AuditAction.ADD_TEAM,
                    new AuditSubject(ENTITY, project, project, scope.toString()),
                    Map.of("team", team.id()),
                    Difference.created(Map.of("team", team.id(), "name", team.name())));
        }
        return added;
    }
}
