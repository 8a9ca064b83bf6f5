package io.countersign.identity.signin;

import io.countersign.api.problem.Conflict;
import io.countersign.api.problem.InvalidInput;
import io.countersign.api.secret.RandomToken;
import io.countersign.api.validation.DisplayName;
import io.countersign.identity.UserId;
import io.countersign.identity.people.People;
import io.countersign.identity.people.Person;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.oauth2.client.oidc.userinfo.OidcUserRequest;
import org.springframework.security.oauth2.client.oidc.userinfo.OidcUserService;
import org.springframework.security.oauth2.client.userinfo.OAuth2UserService;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.oidc.OidcUserInfo;
import org.springframework.security.oauth2.core.oidc.StandardClaimNames;
import org.springframework.security.oauth2.core.oidc.user.DefaultOidcUser;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Maps a sign-in at the provider to a person here. A first sign-in creates a new person; an existing account is never
 * taken over, whatever the name at the provider.
 */
@Component
class ProviderPeople implements OAuth2UserService<OidcUserRequest, OidcUser> {

    /** The claim that we add: the person's user id here. */
    private static final String PERSON = "countersign_person";

    private static final Logger log = LoggerFactory.getLogger(ProviderPeople.class);
    private static final Pattern ADDRESS = Pattern.compile("[^@\\s\\p{Cntrl}]+@[^@\\s\\p{Cntrl}]+");
    private static final int MAX_DISPLAY_NAME = 200;

    private final OidcUserService provider = new OidcUserService();
    private final ProviderProperties properties;
    private final ProviderMemberships memberships;
    private final People people;
    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;

    ProviderPeople(
            ProviderProperties properties,
            ProviderMemberships memberships,
            People people,
            JdbcClient jdbc,
            TransactionTemplate transaction) {
        this.properties = properties;
        this.memberships = memberships;
        this.people = people;
        this.jdbc = jdbc;
        this.transaction = transaction;
    }

    @Override
    public OidcUser loadUser(OidcUserRequest request) {
        OidcUser claims = provider.loadUser(request);
        Person person = admit(claims);
        log.info("event=sign_in outcome=ok user={} provider={}", person.id(), claims.getIssuer());
        // The session keeps only what signing out at the provider needs.
        return new DefaultOidcUser(
                PeopleDetails.authorities(person),
                claims.getIdToken(),
                new OidcUserInfo(Map.of(
                        StandardClaimNames.SUB,
                        claims.getSubject(),
                        PERSON,
                        person.id().value())),
                PERSON);
    }

    /**
     * Grants and removes roles according to the provider's current answer about a signed-in person.
     *
     * @return whether they may stay
     */
    boolean readmit(UserId user, OidcUser claims) {
        return Boolean.TRUE.equals(transaction.execute(status -> {
            if (!find(claims).filter(user::equals).isPresent()) {
                return false;
            }
            boolean active = people.get(user).active();
            if (active) {
                memberships.apply(user, groups(claims));
            }
            return active && letsIn(claims);
        }));
    }

    /** Refused people also lose what groups gave them before. */
    Person admit(OidcUser claims) {
        Person person = transaction.execute(status -> {
            Optional<UserId> known = find(claims);
            if (known.isEmpty() && !letsIn(claims)) {
                throw withoutGroup();
            }
            UserId id = known.orElseGet(() -> create(claims));
            if (!people.get(id).active()) {
                throw refused("deactivated", "The account " + id + " is deactivated.");
            }
            memberships.apply(id, groups(claims));
            return people.get(id);
        });
        if (!letsIn(claims)) {
            throw withoutGroup();
        }
        return person;
    }

    private boolean letsIn(OidcUser claims) {
        return !properties.requireMappedGroup() || memberships.mapped(groups(claims));
    }

    private static OAuth2AuthenticationException withoutGroup() {
        return refused("no_group", "The account has no group that countersign.sign-in.oidc.memberships names.");
    }

    private Optional<UserId> find(OidcUser claims) {
        return jdbc.sql("select user_id from provider_identities where issuer = ? and subject = ?")
                .params(claims.getIssuer().toString(), claims.getSubject())
                .query(String.class)
                .optional()
                .map(UserId::new);
    }

    private UserId create(OidcUser claims) {
        String name = claims.getClaimAsString(properties.nameClaim());
        if (name == null || name.isBlank()) {
            throw refused("name_missing", "The provider did not send the claim " + properties.nameClaim() + ".");
        }
        UserId id = new UserId(
                name.strip().toLowerCase(Locale.ROOT).replaceFirst("@.*", "").replaceAll("[^a-z0-9._-]", "-"));
        String email =
                claims.getEmail() != null && ADDRESS.matcher(claims.getEmail()).matches() ? claims.getEmail() : null;
        Person person = new Person(
                id,
                displayName(claims).orElse(id.value()),
                email,
                email != null && Boolean.TRUE.equals(claims.getEmailVerified()),
                false,
                false);
        try {
            // A random password that nobody knows, so nobody can sign in with it.
            people.add(person, RandomToken.next());
        } catch (Conflict e) {
            throw refused("name_taken", "Another account already has the name " + id + ".");
        } catch (InvalidInput e) {
            throw refused("name_unusable", "No account can be created for the provider's user: " + e.getMessage());
        }
        jdbc.sql("insert into provider_identities (issuer, subject, user_id) values (?, ?, ?)")
                .params(claims.getIssuer().toString(), claims.getSubject(), id.value())
                .update();
        return id;
    }

    private Optional<String> displayName(OidcUser claims) {
        return Optional.ofNullable(claims.getClaimAsString(properties.displayNameClaim()))
                .map(DisplayName::clean)
                .filter(name -> !name.isEmpty() && name.length() <= MAX_DISPLAY_NAME);
    }

    /** @return the groups of a claim with one or many values, possibly nested */
    private Collection<String> groups(OidcUser claims) {
        Object value = claims.getClaim(properties.groupsClaim());
        if (value == null) {
            value = claims.getClaims();
            for (String step : properties.groupsClaim().split("\\.")) {
                value = value instanceof Map<?, ?> map ? map.get(step) : null;
            }
        }
        if (value instanceof Collection<?> many) {
            return many.stream().map(String::valueOf).toList();
        }
        return value == null ? List.of() : List.of(value.toString());
    }

    private static OAuth2AuthenticationException refused(String code, String explanation) {
        return new OAuth2AuthenticationException(new OAuth2Error(code, explanation, null), explanation);
    }
}
