package io.countersign.approval;

import io.countersign.identity.Scope;
import io.countersign.identity.membership.GroupNames;
import io.countersign.identity.membership.Membership;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The people of a scope to whom a long-waiting stage escalates: those with a role or in a team.
 *
 * @param byTeam whether {@code name} is a team's; otherwise it is a role's
 * @param name the role or team
 */
public record EscalationGroup(boolean byTeam, String name) {

    private static final Pattern FORM = Pattern.compile("(role|team):([a-z0-9][a-z0-9-]*)");

    /**
     * @return the group parsed from a text such as {@code role:owner} or {@code team:payments}; empty if it is not one
     */
    public static Optional<EscalationGroup> find(String text) {
        Matcher matcher = FORM.matcher(text);
        return matcher.matches()
                ? Optional.of(new EscalationGroup(matcher.group(1).equals("team"), matcher.group(2)))
                : Optional.empty();
    }

    /** @return whether a member of the scope belongs to it */
    public boolean includes(Membership member) {
        return byTeam
                ? member.team().filter(team -> team.value().equals(name)).isPresent()
                : member.role().equals(name);
    }

    /** @return the engine group of these people in a scope */
    public String engineGroup(Scope scope) {
        return byTeam ? GroupNames.team(scope, name) : GroupNames.role(scope, name);
    }

    /** @return the text that it was parsed from */
    @Override
    public String toString() {
        return (byTeam ? "team:" : "role:") + name;
    }
}
