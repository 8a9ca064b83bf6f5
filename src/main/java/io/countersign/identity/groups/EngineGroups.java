package io.countersign.identity.groups;

import io.countersign.identity.Permission;
import io.countersign.identity.Scope;
import io.countersign.identity.TeamId;
import io.countersign.identity.UserId;
import io.countersign.identity.delegation.Delegation;
import io.countersign.identity.delegation.Delegations;
import io.countersign.identity.membership.GroupNames;
import io.countersign.identity.membership.Membership;
import io.countersign.identity.membership.Memberships;
import io.countersign.identity.people.People;
import io.countersign.identity.people.Person;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Derives engine groups from memberships, in both directions: a person's groups and a group's members. */
@Component
@Transactional(readOnly = true)
public class EngineGroups {

    private final JdbcClient jdbc;
    private final Memberships memberships;
    private final People people;
    private final Delegations delegations;

    EngineGroups(JdbcClient jdbc, Memberships memberships, People people, Delegations delegations) {
        this.jdbc = jdbc;
        this.memberships = memberships;
        this.people = people;
        this.delegations = delegations;
    }

    /**
     * @param user any user id
     * @return their groups at this moment; empty for an unknown or deactivated person
     */
    public List<String> of(UserId user) {
        Person person = people.find(user).orElse(null);
        if (person == null || !person.active()) {
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
        List<Membership> own = memberships.of(user);
        own.forEach(membership -> addGroups(membership, groups));
        for (Delegation delegation : delegations.inForceOf(user)) {
            if (delegation.standIn().equals(user)) {
                addGroupsInPlace(delegation, own, groups);
            }
        }
        return groups.stream().distinct().toList();
    }

    /**
     * @param group a group's name
     * @return its members at this moment
     */
    public List<UserId> members(String group) {
        return switch (group) {
            case GroupNames.PEOPLE ->
                people.all().stream().filter(Person::active).map(Person::id).toList();
            case GroupNames.SUPERADMINS ->
                memberships.in(Scope.PLATFORM).stream().map(Membership::user).toList();
            case GroupNames.ENGINE_ADMINS ->
                people.all().stream()
                        .filter(person -> person.active() && person.engineAdmin())
                        .map(Person::id)
                        .toList();
            default -> GroupNames.parse(group).map(this::members).orElse(List.of());
        };
    }

    private List<UserId> members(GroupNames.Derived group) {
        List<Membership> members = memberships.in(group.scope());
        Set<UserId> present = members.stream().map(Membership::user).collect(Collectors.toSet());
        Set<UserId> included = members.stream()
                .filter(group::includes)
                .map(Membership::user)
                .collect(Collectors.toCollection(TreeSet::new));
        if (group.permission().map(Permission::decides).orElse(true)) {
            delegations.inForceIn(group.scope()).stream()
                    .filter(delegation -> present.contains(delegation.standIn()))
                    .filter(delegation -> members.stream()
                            .filter(group::includes)
                            .anyMatch(member -> member.user().equals(delegation.absent())))
                    .forEach(delegation -> included.add(delegation.standIn()));
        }
        return List.copyOf(included);
    }

    /** Shows a stand-in the decisions that wait for the absent person, in scopes where both are members. */
    private void addGroupsInPlace(Delegation delegation, List<Membership> own, List<String> groups) {
        for (Membership absent : memberships.of(delegation.absent())) {
            boolean shared =
                    own.stream().anyMatch(membership -> membership.scope().equals(absent.scope()));
            if (shared && delegation.covers(absent.scope())) {
                List<String> all = new ArrayList<>();
                addGroups(absent, all);
                all.stream()
                        .filter(group -> GroupNames.parse(group)
                                .flatMap(GroupNames.Derived::permission)
                                .map(Permission::decides)
                                .orElse(true))
                        .forEach(groups::add);
            }
        }
    }

    private void addGroups(Membership membership, List<String> groups) {
        Scope scope = membership.scope();
        if (membership.owner()) {
            groups.add(GroupNames.owners(scope));
        }
        groups.add(GroupNames.role(scope, membership.role()));
        membership.team().ifPresent(team -> groups.add(GroupNames.team(scope, team.value())));
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
