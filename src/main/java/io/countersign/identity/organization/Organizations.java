package io.countersign.identity.organization;

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
import io.countersign.identity.OrganizationRole;
import io.countersign.identity.Permission;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import io.countersign.identity.membership.Membership;
import io.countersign.identity.membership.MembershipChanged;
import io.countersign.identity.membership.Memberships;
import io.countersign.identity.namespace.Namespaces;
import io.countersign.identity.people.People;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Organizations and the roles of their members. An organization has at least one owner at any time. */
@Component
@Transactional
public class Organizations {

    private static final String ENTITY = "organization";

    private final JdbcClient jdbc;
    private final Memberships memberships;
    private final People people;
    private final Namespaces namespaces;
    private final AuditTrail audit;
    private final ApplicationEventPublisher events;

    Organizations(
            JdbcClient jdbc,
            Memberships memberships,
            People people,
            Namespaces namespaces,
            AuditTrail audit,
            ApplicationEventPublisher events) {
        this.jdbc = jdbc;
        this.memberships = memberships;
        this.people = people;
        this.namespaces = namespaces;
        this.audit = audit;
        this.events = events;
    }

    /**
     * An organization.
     *
     * @param id its name in paths
     * @param name its name for people
     * @param namespace where its objects are written to; no other organization or project shares it
     */
    public record Organization(String id, String name, String namespace) {}

    /** @return the organizations that a person belongs to, all of them for a superadmin, ordered by id */
    @Transactional(readOnly = true)
    public List<Organization> visibleTo(UserId user) {
        return jdbc.sql("""
                        select id, name, namespace from organizations o
                            join namespaces on scope = 'organization:' || id
                        where exists (select from organization_members m
                                      where m.organization_id = o.id and m.user_id = :user)
                           or exists (select from users u where u.id = :user and u.superadmin)
                        order by id""")
                .param("user", user.value())
                .query(Organization.class)
                .list();
    }

    /** @return whether there is an organization of that id that the person belongs to, or sees as a superadmin */
    @Transactional(readOnly = true)
    public boolean isVisibleTo(UserId user, String id) {
        return memberships.find(user, Scope.organization(id)).isPresent()
                || memberships.find(user, Scope.PLATFORM).isPresent() && exists(id);
    }

    /**
     * @return the organization
     * @throws NotFound if there is none of that id
     */
    @Transactional(readOnly = true)
    public Organization get(String id) {
        return jdbc.sql("""
                        select id, name, namespace from organizations
                            join namespaces on scope = 'organization:' || id
                        where id = ?""").param(id).query(Organization.class).optional().orElseThrow(() -> new NotFound(ENTITY, id));
    }

    /**
     * Creates an organization, owned by its creator.
     *
     * @param creator a superadmin
     * @param namespace where its objects are written to; empty for the namespace of its id
     * @throws Forbidden unless the creator is a superadmin
     * @throws InvalidInput naming every field that breaks its rule
     * @throws Conflict with {@code organization_exists} if the id is taken, {@code namespace_taken} if the namespace is
     */
    public Organization create(UserId creator, String id, String name, Optional<String> namespace) {
        if (!people.get(creator).superadmin()) {
            throw new Forbidden(ErrorCode.MISSING_PERMISSION, "Only a superadmin creates organizations.");
        }
        return create(id, name, creator, namespace);
    }

    /**
     * Creates an organization with its first owner, on nobody's behalf: for set-up and demonstration data.
     *
     * @throws InvalidInput naming every field that breaks its rule
     * @throws Conflict with {@code organization_exists} if the id is taken, {@code namespace_taken} if its namespace is
     */
    public Organization create(String id, String name, UserId owner) {
        return create(id, name, owner, Optional.empty());
    }

    private Organization create(String id, String name, UserId owner, Optional<String> wanted) {
        Validation validation = new Validation();
        validation.check(Names.isDnsLabel(id), "id", Names.DNS_LABEL_RULE);
        String namespace = namespaces.check(validation, id, wanted);
        DisplayName.check(validation, name, "name", DisplayName.MAX_LENGTH);
        validation.done();
        int added = jdbc.sql("insert into organizations (id, name) values (?, ?) on conflict do nothing")
                .params(id, name)
                .update();
        if (added == 0) {
            throw new Conflict(ErrorCode.ORGANIZATION_EXISTS, "There is an organization \"" + id + "\" already.");
        }
        namespaces.bind(Scope.organization(id), namespace);
        audit.record(
                AuditAction.CREATE,
                new AuditSubject(ENTITY, id, name, Scope.organization(id).toString()),
                Map.of(),
                Difference.created(Map.of("name", name, "namespace", namespace)));
        writeRole(id, owner, OrganizationRole.OWNER);
        return new Organization(id, name, namespace);
    }

    /**
     * Gives a person a role, as a new member or instead of their present role.
     *
     * @param actor an owner of the organization; where no active owner is left, a superadmin appoints one
     * @throws NotFound if the actor is no member or the person does not exist
     * @throws Forbidden unless the actor may manage members; with {@code own_membership} if they would change their own
     *     role
     * @throws Conflict with {@code last_owner} if the organization would have no owner left
     */
    public Membership setRole(UserId actor, String organization, UserId user, OrganizationRole role) {
        Scope scope = Scope.organization(organization);
        boolean appointed =
                role == OrganizationRole.OWNER && exists(organization) && memberships.mayAppointOwner(actor, scope);
        if (!appointed) {
            memberships.require(actor, scope, Permission.ORGANIZATION_MEMBERS);
        }
        people.getActive(user);
        if (role != OrganizationRole.OWNER) {
            memberships.holdToChange(scope);
            memberships.recorded(user, scope).ifPresent(before -> requireAnotherOwner(organization, before));
        }
        if (actor.equals(user)) {
            return memberships
                    .find(user, scope)
                    .filter(own -> own.role().equals(role.wireName()))
                    .orElseThrow(Memberships::ownMembership);
        }
        return writeRole(organization, user, role, appointed ? Map.of("no_owner_left", true) : Map.of());
    }

    /**
     * Ends a membership.
     *
     * @param actor the person, who leaves, or an owner of the organization
     * @throws NotFound if the actor or the person is no member
     * @throws Forbidden unless the actor may manage members, or leaves
     * @throws Conflict with {@code last_owner} if the organization would have no owner left
     */
    public void removeMember(UserId actor, String organization, UserId user) {
        Scope scope = Scope.organization(organization);
        if (!actor.equals(user)) {
            memberships.require(actor, scope, Permission.ORGANIZATION_MEMBERS);
        }
        memberships.holdToChange(scope);
        Membership before = memberships
                .recorded(user, scope)
                .orElseThrow(() ->
                        actor.equals(user) ? new NotFound(ENTITY, organization) : new NotFound("member", user.value()));
        requireAnotherOwner(organization, before);
        deleteMember(organization, before);
    }

    /**
     * Sets a role on nobody's behalf: for set-up and demonstration data.
     *
     * @return the membership as it is now
     */
    public Membership writeRole(String organization, UserId user, OrganizationRole role) {
        return writeRole(organization, user, role, Map.of());
    }

    private Membership writeRole(
            String organization, UserId user, OrganizationRole role, Map<String, ?> circumstances) {
        Scope scope = Scope.organization(organization);
        memberships.holdToChange(scope);
        Optional<Membership> before = memberships.find(user, scope);
        jdbc.sql("""
                        insert into organization_members (organization_id, user_id, role) values (?, ?, ?)
                        on conflict (organization_id, user_id) do update set role = excluded.role""").params(organization, user.value(), role.wireName()).update();
        memberships.readAnew();
        Map<String, Object> details = new TreeMap<>(circumstances);
        details.putAll(Map.of("user", user, "role", role));
        audit.record(
                AuditAction.SET_ROLE,
                new AuditSubject(ENTITY, organization, organization, scope.toString()),
                details,
                new Difference(
                        before.map(member -> Map.of("role", member.role())).orElse(null), Map.of("role", role)));
        Optional<Membership> after = memberships.find(user, scope);
        events.publishEvent(new MembershipChanged(user, scope, before, after));
        return after.orElseThrow();
    }

    /** @return whether there is an organization of that id */
    @Transactional(readOnly = true)
    public boolean exists(String id) {
        return jdbc.sql("select id from organizations where id = ?")
                .param(id)
                .query(String.class)
                .optional()
                .isPresent();
    }

    /**
     * Ends a membership on nobody's behalf: for those that an identity provider gave.
     *
     * @return whether it ended; an organization's only owner stays
     */
    public boolean dropMember(String organization, UserId user) {
        Scope scope = Scope.organization(organization);
        memberships.holdToChange(scope);
        Membership before = memberships.find(user, scope).orElseThrow(() -> new NotFound("member", user.value()));
        if (before.owner() && !hasAnotherOwner(organization, user)) {
            return false;
        }
        deleteMember(organization, before);
        return true;
    }

    private void deleteMember(String organization, Membership member) {
        jdbc.sql("delete from organization_members where organization_id = ? and user_id = ?")
                .params(organization, member.user().value())
                .update();
        memberships.readAnew();
        audit.record(
                AuditAction.REMOVE_MEMBER,
                new AuditSubject(
                        ENTITY, organization, organization, member.scope().toString()),
                Map.of("user", member.user()),
                Difference.deleted(Map.of("role", member.role())));
        events.publishEvent(
                new MembershipChanged(member.user(), member.scope(), Optional.of(member), Optional.empty()));
    }

    /**
     * Holds the members until the transaction ends, so that two owners who leave at once leave one behind.
     *
     * @return whether somebody else than this person is owner
     */
    public boolean hasAnotherOwner(String organization, UserId user) {
        memberships.holdToChange(Scope.organization(organization));
        return jdbc.sql("""
                        select exists (select from organization_members m join users u on u.id = m.user_id
                                       where m.organization_id = ? and m.role = 'owner' and m.user_id <> ?
                                         and u.deactivated_at is null)""")
                .params(organization, user.value())
                .query(Boolean.class)
                .single();
    }

    private void requireAnotherOwner(String organization, Membership before) {
        if (before.owner() && !hasAnotherOwner(organization, before.user())) {
            throw new Conflict(
                    ErrorCode.LAST_OWNER, "An organization needs an owner; " + before.user() + " is the only one.");
        }
    }
}
