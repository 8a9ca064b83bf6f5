package io.countersign.identity.signin;

import io.countersign.identity.OrganizationRole;
import io.countersign.identity.ProjectRole;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code countersign.sign-in.oidc.*}: the OpenID Connect provider that people may sign in at.
 *
 * @param issuer its URL, below which {@code /.well-known/openid-configuration} lies; empty for no provider
 * @param clientId who we are there
 * @param clientSecret how we show it
 * @param scopes what we ask for
 * @param label what the sign-in page calls it
 * @param nameClaim becomes the name of a person who comes for the first time, in lower case, up to an {@code @}
 * @param displayNameClaim becomes their name for people
 * @param groupsClaim holds their groups; dots lead into nested claims
 * @param signatureAlgorithm how it signs ID tokens
 * @param memberships what groups make people here; of several for one scope the first holds
 * @param requireMappedGroup whether only those are let in who have one of these groups
 * @param recheck how old what the provider said of an account may be before it is asked again
 * @param unchecked how long a session goes on while the provider cannot be asked
 */
@ConfigurationProperties("countersign.sign-in.oidc")
record ProviderProperties(
        @DefaultValue("") String issuer,
        @DefaultValue("") String clientId,
        @DefaultValue("") String clientSecret,
        @DefaultValue({"openid", "profile", "email"}) Set<String> scopes,
        @DefaultValue("your organization's account") String label,
        @DefaultValue("preferred_username") String nameClaim,
        @DefaultValue("name") String displayNameClaim,
        @DefaultValue("groups") String groupsClaim,
        @DefaultValue("RS256") String signatureAlgorithm,
        @DefaultValue List<Grant> memberships,
        @DefaultValue("false") boolean requireMappedGroup,
        @DefaultValue("PT5M") Duration recheck,
        @DefaultValue("PT1H") Duration unchecked) {

    ProviderProperties {
        if (!issuer.isEmpty() && (clientId.isEmpty() || clientSecret.isEmpty())) {
            throw new IllegalArgumentException(
                    "countersign.sign-in.oidc needs a client-id and a client-secret beside the issuer");
        }
        if (recheck.isNegative() || unchecked.compareTo(recheck) < 0) {
            throw new IllegalArgumentException(
                    "countersign.sign-in.oidc.recheck must not be negative, nor longer than unchecked");
        }
        if (requireMappedGroup && memberships.isEmpty()) {
            throw new IllegalArgumentException(
                    "countersign.sign-in.oidc.require-mapped-group lets nobody in without memberships");
        }
    }

    /**
     * What a group makes people: one of four things.
     *
     * @param group the group's name at the provider
     * @param organization the organization that they have a role in, with {@code role}
     * @param project the project that they have a role in, with {@code role} and {@code team}
     * @param role an organization's or project's role
     * @param team a team of the project
     * @param superadmin whether they hold the platform role
     * @param engineAdmin whether they administer the engine
     */
    record Grant(
            String group,
            String organization,
            String project,
            String role,
            String team,
            boolean superadmin,
            boolean engineAdmin) {

        Grant {
            boolean inOrganization = organization != null;
            boolean inProject = project != null;
            long kinds = java.util.stream.Stream.of(inOrganization, inProject, superadmin, engineAdmin)
                    .filter(kind -> kind)
                    .count();
            check(
                    group != null && kinds == 1,
                    group,
                    "names a group and one of organization, project, superadmin, engine-admin");
            check(
                    !inOrganization || find(OrganizationRole.values(), role).isPresent() && team == null,
                    group,
                    "with an organization has one of its roles, and no team");
            check(
                    !inProject || find(ProjectRole.values(), role).isPresent() && team != null,
                    group,
                    "with a project has one of its roles and a team");
        }

        OrganizationRole organizationRole() {
            return find(OrganizationRole.values(), role).orElseThrow();
        }

        ProjectRole projectRole() {
            return find(ProjectRole.values(), role).orElseThrow();
        }

        private static void check(boolean rule, String group, String explanation) {
            if (!rule) {
                throw new IllegalArgumentException(
                        "Each of countersign.sign-in.oidc.memberships " + explanation + ": group " + group);
            }
        }

        private static <E extends Enum<E>> Optional<E> find(E[] values, String name) {
            return Arrays.stream(values)
                    .filter(value -> value.name().equalsIgnoreCase(name))
                    .findFirst();
        }
    }

    /** @return whether there is a provider */
    boolean present() {
        return !issuer.isEmpty();
    }

    /** @return scheme, host and port of the provider, as content security policies name it */
    String origin() {
        URI uri = URI.create(issuer);
        return uri.getScheme() + "://" + uri.getRawAuthority();
    }
}
