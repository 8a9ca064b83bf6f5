package io.countersign.identity.members;

import io.countersign.api.problem.Conflict;
import io.countersign.api.problem.ErrorCode;
import io.countersign.api.problem.Forbidden;
import io.countersign.api.problem.NotFound;
import io.countersign.audit.AuditAction;
import io.countersign.audit.AuditSubject;
import io.countersign.audit.AuditTrail;
import io.countersign.audit.Difference;
import io.countersign.identity.Permission;
import io.countersign.identity.Role;
import io.countersign.identity.Scope;
import io.countersign.identity.TeamId;
import io.countersign.identity.UserId;
import io.countersign.identity.membership.Membership;
import io.countersign.identity.membership.MembershipChanged;
import io.countersign.identity.membership.Memberships;
import io.countersign.identity.people.People;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * Changes the members of an organization or a project, and their roles and teams. Each scope has at least one active
 * owner at any time, unless the owners are deactivated.
 */
@Component
@Transactional
public class Members {

    private final JdbcClient jdbc;
    private final Memberships memberships;
    private final People people;
    private final AuditTrail audit;
    private final ApplicationEventPublisher events;

    Members(
            JdbcClient jdbc,
            Memberships memberships,
            People people,
            AuditTrail audit,
            ApplicationEventPublisher events) {
        this.jdbc = jdbc;
        this.memberships = memberships;
        this.people = people;
        this.audit = audit;
        this.events = events;
    }

    /**
     * Gives a person a role, and a team in a project, as a new member or in place of their present ones.
     *
     * @param actor a member who may manage the members; only an owner adds, changes or removes owners. A superadmin
     *     appoints an owner if no active one is left
     * @param scope an organization or a project
     * @param role a role for that kind of scope
     * @param team a team of the project; empty in an organization
     * @throws NotFound if the actor is no member, or the person or team does not exist
     * @throws Forbidden unless the actor may manage the members; with {@code own_membership} if they would change their
     *     own role or team
     * @throws Conflict with {@code last_owner} if no owner would be left
     */
    public Membership set(UserId actor, Scope scope, UserId user, Role role, Optional<TeamId> team) {
        boolean appointed = role.owner() && exists(scope) && memberships.mayAppointOwner(actor, scope);
        if (!appointed) {
            requireMayChange(actor, scope, user, role.owner());
        }
        people.getActive(user);
        team.filter(id -> !hasTeam(scope, id)).ifPresent(id -> {
            throw new NotFound("team", id.value());
        });
        if (!role.owner()) {
            memberships.holdToChange(scope);
            memberships.recorded(user, scope).ifPresent(this::requireAnotherOwner);
        }
        if (actor.equals(user)) {
            return memberships
                    .find(user, scope)
                    .filter(own ->
                            own.role().equals(role.wireName()) && own.team().equals(team))
                    .orElseThrow(Memberships::ownMembership);
        }
        return write(scope, user, role, team, appointed ? Map.of("no_owner_left", true) : Map.of());
    }

    /**
     * Ends a membership.
     *
     * @param actor the person, to leave; or a member who may manage the members. Only an owner removes owners
     * @throws NotFound if the actor or the person is no member
     * @throws Forbidden unless the actor may manage the members, or is the person
     * @throws Conflict with {@code last_owner} if no owner would be left
     */
    public void remove(UserId actor, Scope scope, UserId user) {
        boolean leaves = actor.equals(user);
        if (!leaves) {
            requireMayChange(actor, scope, user, false);
        }
        memberships.holdToChange(scope);
        Membership before = memberships
                .recorded(user, scope)
                .orElseThrow(() -> leaves
                        ? new NotFound(scope.type().wireName(), scope.id())
                        : new NotFound("member", user.value()));
        requireAnotherOwner(before);
        delete(before);
    }

    /**
     * Sets a role and a team without an actor: for setup, demonstration data and identity providers.
     *
     * @return the updated membership
     */
    public Membership write(Scope scope, UserId user, Role role, Optional<TeamId> team) {
        return write(scope, user, role, team, Map.of());
    }

    /**
     * Ends a membership granted by an identity provider.
     *
     * @return whether it ended; the only owner stays
     */
    public boolean drop(Scope scope, UserId user) {
        memberships.holdToChange(scope);
        Membership before = memberships.find(user, scope).orElseThrow(() -> new NotFound("member", user.value()));
        if (before.owner() && !hasAnotherOwner(scope, user)) {
            return false;
        }
        delete(before);
        return true;
    }

    /**
     * Locks the members until the transaction ends, so that if two owners leave at the same time, one stays.
     *
     * @return whether another active person is an owner
     */
    public boolean hasAnotherOwner(Scope scope, UserId user) {
        memberships.holdToChange(scope);
        return jdbc.sql("""
                        select exists (select from members m join users u on u.id = m.user_id
                                       where m.scope = ? and m.role = 'owner' and m.user_id <> ?
                                         and u.deactivated_at is null)""")
                .params(scope.toString(), user.value())
                .query(Boolean.class)
                .single();
    }

    private Membership write(Scope scope, UserId user, Role role, Optional<TeamId> team, Map<String, ?> circumstances) {
        memberships.holdToChange(scope);
        Optional<Membership> before = memberships.find(user, scope);
        jdbc.sql("""
                        insert into members (scope, user_id, role, team_id) values (?, ?, ?, ?)
                        on conflict (scope, user_id) do update set role = excluded.role, team_id = excluded.team_id""")
                .params(
                        scope.toString(),
                        user.value(),
                        role.wireName(),
                        team.map(TeamId::value).orElse(null))
                .update();
        memberships.readAnew();
        Membership after = memberships.find(user, scope).orElseThrow();
        Map<String, Object> details = new TreeMap<>(circumstances);
        details.put("user", user);
        details.putAll(describe(after));
        audit.record(
                AuditAction.SET_ROLE,
                subject(scope),
                details,
                new Difference(before.map(Members::describe).orElse(null), describe(after)));
        events.publishEvent(new MembershipChanged(user, scope, before, Optional.of(after)));
        return after;
    }

    private void delete(Membership member) {
        jdbc.sql("delete from members where scope = ? and user_id = ?")
                .params(member.scope().toString(), member.user().value())
                .update();
        memberships.readAnew();
        audit.record(
                AuditAction.REMOVE_MEMBER,
                subject(member.scope()),
                Map.of("user", member.user()),
                Difference.deleted(describe(member)));
        events.publishEvent(
                new MembershipChanged(member.user(), member.scope(), Optional.of(member), Optional.empty()));
    }

    private void requireMayChange(UserId actor, Scope scope, UserId user, boolean makesOwner) {
        Membership own = memberships.require(
                actor,
                scope,
                scope.type() == Scope.Type.ORGANIZATION ? Permission.ORGANIZATION_MEMBERS : Permission.PROJECT_TEAMS);
        boolean unmakesOwner =
                memberships.recorded(user, scope).filter(Membership::owner).isPresent();
        if ((makesOwner || unmakesOwner) && !own.owner()) {
            throw new Forbidden(ErrorCode.MISSING_PERMISSION, "Only an owner adds, changes or removes owners.");
        }
    }

    private void requireAnotherOwner(Membership before) {
        if (before.owner() && !hasAnotherOwner(before.scope(), before.user())) {
            throw new Conflict(
                    ErrorCode.LAST_OWNER,
                    (before.scope().type() == Scope.Type.ORGANIZATION ? "An organization" : "A project")
                            + " needs an owner; " + before.user() + " is the only one.");
        }
    }

    private boolean exists(Scope scope) {
        return jdbc.sql("select exists (select from namespaces where scope = ?)")
                .param(scope.toString())
                .query(Boolean.class)
                .single();
    }

    private boolean hasTeam(Scope scope, TeamId team) {
        return jdbc.sql("select exists (select from teams where project_id = ? and id = ?)")
                .params(scope.id(), team.value())
                .query(Boolean.class)
                .single();
    }

    private static AuditSubject subject(Scope scope) {
        return new AuditSubject(scope.type().wireName(), scope.id(), scope.id(), scope.toString());
    }

    private static Map<String, Object> describe(Membership member) {
        Map<String, Object> described = new TreeMap<>(Map.of("role", member.role()));
        member.team().ifPresent(team -> described.put("team", team));
        return described;
    }
}
