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
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import io.countersign.identity.members.Members;
import io.countersign.identity.membership.Memberships;
import io.countersign.identity.namespace.Namespaces;
import io.countersign.identity.people.People;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Organizations. */
@Component
@Transactional
public class Organizations {

    private static final String ENTITY = "organization";

    private final JdbcClient jdbc;
    private final Memberships memberships;
    private final Members members;
    private final People people;
    private final Namespaces namespaces;
    private final AuditTrail audit;

    Organizations(
            JdbcClient jdbc,
            Memberships memberships,
            Members members,
            People people,
            Namespaces namespaces,
            AuditTrail audit) {
        this.jdbc = jdbc;
        this.memberships = memberships;
        this.members = members;
        this.people = people;
        this.namespaces = namespaces;
        this.audit = audit;
    }

    /**
     * An organization.
     *
     * @param id its name in paths
     * @param name its display name
     * @param namespace the namespace of its objects; no other organization or project shares it
     */
    public record Organization(String id, String name, String namespace) {}

    /** @return the organizations that a person belongs to, or all of them for a superadmin, ordered by id */
    @Transactional(readOnly = true)
    public List<Organization> visibleTo(UserId user) {
        return jdbc.sql("""
                        select id, name, namespace from organizations o
                            join namespaces on scope = 'organization:' || id
                        where exists (select from members m
                                      where m.organization_id = o.id and m.user_id = :user)
                           or exists (select from users u where u.id = :user and u.superadmin)
                        order by id""")
                .param("user", user.value())
                .query(Organization.class)
                .list();
    }

    /** @return whether there is an organization of that id that the person may see, as a member or superadmin */
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
     * @param namespace the namespace for its objects; empty to use its id
     * @throws Forbidden unless the creator is a superadmin
     * @throws InvalidInput naming every field that breaks its rule
     * @throws Conflict with {@code organization_exists} if the id is taken, {@code namespace_taken} if the namespace is
     */
    public Organization create(UserId creator, String id, String name, Optional<String> namespace) {
        if (!people.get(creator).superadmin()) {
            throw new Forbidden(ErrorCode.MISSING_PERMISSION, "Only superadmins can create organizations.");
        }
        return create(id, name, creator, namespace);
    }

    /**
     * Creates an organization with its first owner, without an actor: for setup and demonstration data.
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
        members.write(Scope.organization(id), owner, OrganizationRole.OWNER, Optional.empty());
        return new Organization(id, name, namespace);
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
}
