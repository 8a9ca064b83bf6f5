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
 * {@code countersign.sign-in.oidc.*}: the OpenID Connect provider for signing in.
 *
 * @param issuer the provider's URL, with {@code /.well-known/openid-configuration} below it; empty for no provider
 * @param clientId Countersign's client id at the provider
 * @param clientSecret Countersign's client secret at the provider
 * @param scopes the requested scopes
 * @param label the provider's name on the sign-in page
 * @param nameClaim the claim with the user name of a new person, in lower case, cut at an {@code @}
 * @param displayNameClaim the claim with the display name
 * @param groupsClaim the claim with the groups; dots lead into nested claims
 * @param signatureAlgorithm how the provider signs ID tokens
 * @param memberships what each group grants; of several for one scope the first wins
 * @param requireMappedGroup whether only people with one of these groups may sign in
 * @param recheck how long the provider's last answer about an account is trusted before it is asked again
 * @param unchecked how long a session continues while the provider cannot be asked
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
     * What a group grants: one of four things.
     *
     * @param group the group's name at the provider
     * @param organization the organization of the granted {@code role}
     * @param project the project of the granted {@code role} and {@code team}
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
