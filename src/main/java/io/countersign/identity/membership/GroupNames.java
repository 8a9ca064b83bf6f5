package io.countersign.identity.membership;

import io.countersign.identity.Permission;
import io.countersign.identity.Scope;
import io.countersign.identity.TeamId;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names of engine groups. A group is never stored: its members are derived from memberships, so a changed membership
 * takes effect immediately in Tasklist and engine-rest. Groups fill inboxes; they are never the guard.
 */
public final class GroupNames {

    /** Everyone who may sign in. */
    public static final String PEOPLE = "people";

    /** Holders of the platform role, who may watch Cockpit. */
    public static final String SUPERADMINS = "superadmins";

    /** The engine's administrators, under the name that Camunda gives them. */
    public static final String ENGINE_ADMINS = "camunda-admin";

    private static final Pattern DERIVED = Pattern.compile(
            "(?<type>organization|project|platform):(?<id>[^:]+):(?<what>[^:]+)(:(?<side>in|not):(?<team>[^:]+))?");

    private GroupNames() {}

    /**
     * The meaning of a derived name.
     *
     * @param scope the scope
     * @param permission the permission of its members, if defined by one
     * @param role the role of its members, if defined by one
     * @param team the team, if one matters
     * @param outside whether members are those outside that team
     */
    public record Derived(
            Scope scope,
            Optional<Permission> permission,
            Optional<String> role,
            Optional<TeamId> team,
            boolean outside) {

        /**
         * @param member a member of {@link #scope()}
         * @return whether they belong to this group
         */
        public boolean includes(Membership member) {
            return member.scope().equals(scope)
                    && permission.map(member.permissions()::contains).orElse(true)
                    && role.map(member.role()::equals).orElse(true)
                    && team.map(t -> member.team().isPresent() && member.team().equals(team) != outside)
                            .orElse(true);
        }
    }

    /** @return the group of all holders of a permission in a scope */
    public static String holders(Scope scope, Permission permission) {
        return prefix(scope) + permission.wireName();
    }

    /** @return the group of a permission's holders in a team */
    public static String holdersInTeam(Scope scope, Permission permission, TeamId team) {
        return holders(scope, permission) + ":in:" + team;
    }

    /** @return the group of a permission's holders in any other team */
    public static String holdersOutsideTeam(Scope scope, Permission permission, TeamId team) {
        return holders(scope, permission) + ":not:" + team;
    }

    /** @return the group of a role's holders */
    public static String role(Scope scope, String role) {
        return prefix(scope) + "role=" + role;
    }

    /** @return the group of a team */
    public static String team(Scope scope, String team) {
        return prefix(scope) + "team=" + team;
    }

    /** @return the group of a scope's owners */
    public static String owners(Scope scope) {
        return prefix(scope) + "owner";
    }

    /**
     * @param group any group id
     * @return its meaning, or empty if it is not a derived group's name
     */
    public static Optional<Derived> parse(String group) {
        Matcher name = DERIVED.matcher(group);
        if (!name.matches()) {
            return Optional.empty();
        }
        Scope scope = Scope.parse(name.group("type") + ":" + name.group("id"));
        String what = name.group("what");
        if (what.startsWith("role=")) {
            return Optional.of(
                    new Derived(scope, Optional.empty(), Optional.of(what.substring(5)), Optional.empty(), false));
        }
        if (what.startsWith("team=")) {
            return Optional.of(new Derived(
                    scope, Optional.empty(), Optional.empty(), Optional.of(new TeamId(what.substring(5))), false));
        }
        Optional<Permission> permission = Permission.find(what);
        if (permission.isEmpty() && !what.equals("owner")) {
            return Optional.empty();
        }
        return Optional.of(new Derived(
                scope,
                permission,
                permission.isPresent() ? Optional.empty() : Optional.of("owner"),
                Optional.ofNullable(name.group("team")).map(TeamId::new),
                "not".equals(name.group("side"))));
    }

    private static String prefix(Scope scope) {
        return scope + ":";
    }
}
