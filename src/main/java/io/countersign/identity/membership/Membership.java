package io.countersign.identity.membership;

import io.countersign.identity.OrganizationRole;
import io.countersign.identity.Permission;
import io.countersign.identity.ProjectRole;
import io.countersign.identity.Scope;
import io.countersign.identity.TeamId;
import io.countersign.identity.UserId;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * A person's membership in one scope, as rules need it.
 *
 * @param user the person
 * @param scope the scope
 * @param role the role's name, such as {@code owner}
 * @param permissions the role's permissions
 * @param team their team, in a project
 */
public record Membership(UserId user, Scope scope, String role, Set<Permission> permissions, Optional<TeamId> team) {

    /**
     * @param role a role of the scope, by its name
     * @return the membership of a person with that role
     */
    public static Membership of(UserId user, Scope scope, String role, Optional<TeamId> team) {
        String name = role.toUpperCase(Locale.ROOT);
        Set<Permission> permissions = switch (scope.type()) {
            case ORGANIZATION -> OrganizationRole.valueOf(name).permissions();
            case PROJECT -> ProjectRole.valueOf(name).permissions();
            case PLATFORM -> throw new IllegalArgumentException("The platform's only role is the superadmin's");
        };
        return new Membership(user, scope, role, permissions, team);
    }

    /** @return whether the person owns the scope; team scopes do not restrict an owner */
    public boolean owner() {
        return role.equals("owner");
    }

    /** @return whether the person administers the scope, as its owner or admin */
    public boolean administers() {
        return owner() || role.equals("admin");
    }
}
