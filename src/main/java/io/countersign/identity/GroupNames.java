package io.countersign.identity;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names of engine groups. A group is never stored: its members are derived from memberships, so a changed membership
 * takes effect at once in Tasklist and engine-rest. Groups fill inboxes; they are never the guard.
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
     * What a derived name says.
     *
     * @param scope where
     * @param permission which permission its members hold; empty for the owners
     * @param team the team that matters, if one does
     * @param outside whether members are those outside that team
     */
    public record Derived(Scope scope, Optional<Permission> permission, Optional<TeamId> team, boolean outside) {

        /**
         * @param member a member of {@link #scope()}
         * @return whether they belong to this group
         */
        public boolean includes(Membership member) {
            return member.scope().equals(scope)
                    && permission.map(member.permissions()::contains).orElseGet(member::owner)
                    && team.map(t -> member.team().isPresent() && member.team().equals(team) != outside)
                            .orElse(true);
        }
    }

    /** @return the group of all who hold a permission in a scope */
    public static String holders(Scope scope, Permission permission) {
        return prefix(scope) + permission.wireName();
    }

    /** @return the group of those holders who are in a team */
    public static String holdersInTeam(Scope scope, Permission permission, TeamId team) {
        return holders(scope, permission) + ":in:" + team;
    }

    /** @return the group of those holders who are in any other team */
    public static String holdersOutsideTeam(Scope scope, Permission permission, TeamId team) {
        return holders(scope, permission) + ":not:" + team;
    }

    /** @return the group of a scope's owners */
    public static String owners(Scope scope) {
        return prefix(scope) + "owner";
    }

    /**
     * @param group any group id
     * @return what it says, or empty if it is not a derived group's name
     */
    public static Optional<Derived> parse(String group) {
        Matcher name = DERIVED.matcher(group);
        if (!name.matches()) {
            return Optional.empty();
        }
        Optional<Permission> permission = Permission.find(name.group("what"));
        if (permission.isEmpty() && !name.group("what").equals("owner")) {
            return Optional.empty();
        }
        return Optional.of(new Derived(
                Scope.parse(name.group("type") + ":" + name.group("id")),
                permission,
                Optional.ofNullable(name.group("team")).map(TeamId::new),
                "not".equals(name.group("side"))));
    }

    private static String prefix(Scope scope) {
        return scope + ":";
    }
}
