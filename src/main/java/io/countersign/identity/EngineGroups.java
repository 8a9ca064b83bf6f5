package io.countersign.identity;

import java.util.ArrayList;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Derives engine groups from memberships, in both directions: a person's groups and a group's people. */
@Component
@Transactional(readOnly = true)
public class EngineGroups {

    private final JdbcClient jdbc;
    private final Memberships memberships;
    private final People people;

    EngineGroups(JdbcClient jdbc, Memberships memberships, People people) {
        this.jdbc = jdbc;
        this.memberships = memberships;
        this.people = people;
    }

    /**
     * @param user anyone
     * @return the groups they belong to at this moment; empty for someone unknown
     */
    public List<String> of(UserId user) {
        Person person = people.find(user).orElse(null);
        if (person == null) {
            return List.of();
        }
        List<String> groups = new ArrayList<>();
        groups.add(GroupNames.PEOPLE);
        if (person.superadmin()) {
            groups.add(GroupNames.SUPERADMINS);
        }
        if (person.engineAdmin()) {
            groups.add(GroupNames.ENGINE_ADMINS);
        }
        for (Membership membership : memberships.of(user)) {
            addGroups(membership, groups);
        }
        return groups;
    }

    /**
     * @param group a group's name
     * @return the people in it at this moment
     */
    public List<UserId> members(String group) {
        return switch (group) {
            case GroupNames.PEOPLE -> people.all().stream().map(Person::id).toList();
            case GroupNames.SUPERADMINS ->
                people.all().stream().filter(Person::superadmin).map(Person::id).toList();
            case GroupNames.ENGINE_ADMINS ->
                people.all().stream()
                        .filter(Person::engineAdmin)
                        .map(Person::id)
                        .toList();
            default ->
                GroupNames.parse(group)
                        .map(derived -> memberships.in(derived.scope()).stream()
                                .filter(derived::includes)
                                .map(Membership::user)
                                .toList())
                        .orElse(List.of());
        };
    }

    private void addGroups(Membership membership, List<String> groups) {
        Scope scope = membership.scope();
        if (membership.owner()) {
            groups.add(GroupNames.owners(scope));
        }
        List<TeamId> otherTeams = membership
                .team()
                .map(team -> jdbc
                        .sql("select id from teams where project_id = ? and id <> ?")
                        .params(scope.id(), team.value())
                        .query(String.class)
                        .list()
                        .stream()
                        .map(TeamId::new)
                        .toList())
                .orElse(List.of());
        for (Permission permission : membership.permissions()) {
            if (permission.hasTasks()) {
                groups.add(GroupNames.holders(scope, permission));
            }
            if (!permission.decides()) {
                continue;
            }
            membership.team().ifPresent(team -> groups.add(GroupNames.holdersInTeam(scope, permission, team)));
            otherTeams.forEach(team -> groups.add(GroupNames.holdersOutsideTeam(scope, permission, team)));
        }
    }
}
