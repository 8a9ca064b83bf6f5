package io.countersign.identity.signin;

import io.countersign.identity.Scope;
import io.countersign.identity.TeamId;
import io.countersign.identity.UserId;
import io.countersign.identity.members.Members;
import io.countersign.identity.membership.Membership;
import io.countersign.identity.membership.Memberships;
import io.countersign.identity.organization.Organizations;
import io.countersign.identity.people.People;
import io.countersign.identity.people.Person;
import io.countersign.identity.project.Projects;
import io.countersign.identity.signin.ProviderProperties.Grant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Synchronizes people's roles with their groups at the provider on each sign-in: grants what a group gives, and revokes
 * what it gave before but no longer gives. Manually granted memberships are not touched.
 */
@Component
class ProviderMemberships {

    private static final String SUPERADMIN = "platform:superadmin";
    private static final String ENGINE_ADMIN = "platform:engine_admin";

    private static final Logger log = LoggerFactory.getLogger(ProviderMemberships.class);

    private final ProviderProperties properties;
    private final Memberships memberships;
    private final Members members;
    private final Organizations organizations;
    private final Projects projects;
    private final People people;
    private final JdbcClient jdbc;

    ProviderMemberships(
            ProviderProperties properties,
            Memberships memberships,
            Members members,
            Organizations organizations,
            Projects projects,
            People people,
            JdbcClient jdbc) {
        this.properties = properties;
        this.memberships = memberships;
        this.members = members;
        this.organizations = organizations;
        this.projects = projects;
        this.people = people;
        this.jdbc = jdbc;
    }

    /** A current, granted or desired role; platform roles have no team and are named by their scope. */
    private record Role(String scope, String role, String team) {

        static Role of(Grant grant) {
            if (grant.organization() != null) {
                return new Role(
                        Scope.organization(grant.organization()).toString(),
                        grant.organizationRole().wireName(),
                        null);
            }
            if (grant.project() != null) {
                return new Role(
                        Scope.project(grant.project()).toString(),
                        grant.projectRole().wireName(),
                        grant.team());
            }
            return platform(grant.superadmin() ? SUPERADMIN : ENGINE_ADMIN);
        }

        static Role of(Membership membership) {
            return new Role(
                    membership.scope().toString(),
                    membership.role(),
                    membership.team().map(TeamId::value).orElse(null));
        }

        static Role platform(String scope) {
            return new Role(scope, "holder", null);
        }
    }

    /** @return whether any of these groups grants anything */
    boolean mapped(Collection<String> groups) {
        return properties.memberships().stream().map(Grant::group).anyMatch(groups::contains);
    }

    /** Grants and revokes roles in the current transaction. */
    void apply(UserId user, Collection<String> groups) {
        Map<String, Grant> wanted = new LinkedHashMap<>();
        properties.memberships().stream()
                .filter(grant -> groups.contains(grant.group()))
                .forEach(grant -> wanted.putIfAbsent(Role.of(grant).scope(), grant));
        Map<String, Role> given = given(user);
        Map<String, Role> present = present(user);
        // In a fixed order, because two people signing in at the same time may change the same scopes.
        Stream.concat(
                        given.keySet().stream().filter(scope -> !wanted.containsKey(scope)),
                        wanted.entrySet().stream()
                                .filter(grant -> !Role.of(grant.getValue()).equals(present.get(grant.getKey())))
                                .map(Map.Entry::getKey))
                .sorted()
                .map(Scope::parse)
                .forEach(memberships::holdToChange);
        given.forEach((scope, role) -> {
            if (!wanted.containsKey(scope)) {
                forget(user, scope, !role.equals(present.get(scope)) || take(user, scope));
            }
        });
        wanted.forEach((scope, grant) -> {
            Role now = present.get(scope);
            Role then = Role.of(grant);
            boolean ours = now == null || now.equals(given.get(scope));
            if (ours && !then.equals(now) && give(user, grant, now)) {
                note(user, then);
            }
        });
    }

    private Map<String, Role> given(UserId user) {
        return jdbc
                .sql("select scope, role, team_id from provider_memberships where user_id = ?")
                .param(user.value())
                .query((row, n) -> new Role(row.getString("scope"), row.getString("role"), row.getString("team_id")))
                .list()
                .stream()
                .collect(Collectors.toMap(Role::scope, Function.identity()));
    }

    private Map<String, Role> present(UserId user) {
        Map<String, Role> present = memberships.of(user).stream()
                .filter(membership -> !membership.scope().equals(Scope.PLATFORM))
                .map(Role::of)
                .collect(Collectors.toMap(Role::scope, Function.identity()));
        Person person = people.get(user);
        if (person.superadmin()) {
            present.put(SUPERADMIN, Role.platform(SUPERADMIN));
        }
        if (person.engineAdmin()) {
            present.put(ENGINE_ADMIN, Role.platform(ENGINE_ADMIN));
        }
        return present;
    }

    /** @return whether the role was granted; not if its scope or team does not exist, or if no owner would be left */
    private boolean give(UserId user, Grant grant, Role now) {
        if (grant.organization() != null) {
            boolean exists = organizations.exists(grant.organization());
            boolean given = exists
                    && (now == null
                            || !now.role().equals("owner")
                            || members.hasAnotherOwner(Scope.organization(grant.organization()), user));
            if (given) {
                members.write(
                        Scope.organization(grant.organization()), user, grant.organizationRole(), Optional.empty());
            }
            return reported(given, user, grant);
        }
        if (grant.project() != null) {
            boolean exists = projects.teams(grant.project()).stream()
                    .anyMatch(team -> team.id().equals(grant.team()));
            boolean given = exists
                    && (now == null
                            || !now.role().equals("owner")
                            || members.hasAnotherOwner(Scope.project(grant.project()), user));
            if (given) {
                members.write(
                        Scope.project(grant.project()),
                        user,
                        grant.projectRole(),
                        Optional.of(new TeamId(grant.team())));
            }
            return reported(given, user, grant);
        }
        setPlatformRole(user, grant.superadmin() ? SUPERADMIN : ENGINE_ADMIN, true);
        return true;
    }

    /** @return whether the membership ended; the only owner stays */
    private boolean take(UserId user, String scope) {
        if (scope.equals(SUPERADMIN) || scope.equals(ENGINE_ADMIN)) {
            setPlatformRole(user, scope, false);
            return true;
        }
        boolean ended = members.drop(Scope.parse(scope), user);
        if (!ended) {
            log.warn("event=provider_role_kept user={} scope={} reason=last_owner", user, scope);
        }
        return ended;
    }

    private void setPlatformRole(UserId user, String scope, boolean holds) {
        Person person = people.get(user);
        people.setPlatformRoles(
                user,
                scope.equals(SUPERADMIN) ? holds : person.superadmin(),
                scope.equals(ENGINE_ADMIN) ? holds : person.engineAdmin());
    }

    private static boolean reported(boolean given, UserId user, Grant grant) {
        if (!given) {
            log.warn(
                    "event=provider_group_ignored user={} group={} scope={} reason=unknown_or_last_owner",
                    user,
                    grant.group(),
                    Objects.requireNonNullElse(grant.organization(), grant.project()));
        }
        return given;
    }

    private void note(UserId user, Role role) {
        jdbc.sql("""
                        insert into provider_memberships (user_id, scope, role, team_id) values (?, ?, ?, ?)
                        on conflict (user_id, scope)
                            do update set role = excluded.role, team_id = excluded.team_id, since = now()""")
                .params(user.value(), role.scope(), role.role(), role.team())
                .update();
    }

    private void forget(UserId user, String scope, boolean ended) {
        if (ended) {
            jdbc.sql("delete from provider_memberships where user_id = ? and scope = ?")
                    .params(user.value(), scope)
                    .update();
        }
    }
}
