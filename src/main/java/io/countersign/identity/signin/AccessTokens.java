package io.countersign.identity.signin;

import io.countersign.api.secret.RandomToken;
import io.countersign.api.secret.Sha256;
import io.countersign.identity.UserId;
import io.countersign.identity.people.People;
import io.countersign.identity.people.Person;
import io.countersign.identity.throttle.SignInTrail;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.security.oauth2.core.DefaultOAuth2AuthenticatedPrincipal;
import org.springframework.security.oauth2.core.OAuth2AuthenticatedPrincipal;
import org.springframework.security.oauth2.server.resource.introspection.BadOpaqueTokenException;
import org.springframework.security.oauth2.server.resource.introspection.OpaqueTokenIntrospector;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Issues, checks and revokes the bearer tokens (RFC 6750) of programs. Only a token's SHA-256 is stored. */
@Component
@Transactional
public class AccessTokens implements OpaqueTokenIntrospector {

    private static final Duration LIFETIME = Duration.ofDays(30);

    private final JdbcClient jdbc;
    private final SignInTrail trail;
    private final Clock clock;

    AccessTokens(JdbcClient jdbc, SignInTrail trail, Clock clock) {
        this.jdbc = jdbc;
        this.trail = trail;
        this.clock = clock;
    }

    /**
     * A new token, shown to its owner once.
     *
     * @param token the value for {@code Authorization: Bearer}
     * @param expiresAt when it stops working
     */
    public record Issued(String token, Instant expiresAt) {}

    /** @return a new token that acts for the person for 30 days */
    public Issued issue(UserId user) {
        String token = "cs_" + RandomToken.next();
        Instant now = clock.instant();
        Instant expiresAt = now.plus(LIFETIME);
        jdbc.sql("insert into access_tokens (token_hash, user_id, created_at, expires_at) values (?, ?, ?, ?)")
                .params(Sha256.of(token), user.value(), Timestamp.from(now), Timestamp.from(expiresAt))
                .update();
        trail.issued(user, Map.of("expires_at", expiresAt));
        return new Issued(token, expiresAt);
    }

    /**
     * Revokes a token; an unknown one is ignored.
     *
     * @param token the token as issued
     */
    public void withdraw(String token) {
        jdbc.sql("delete from access_tokens where token_hash = ? returning user_id")
                .param(Sha256.of(token))
                .query(String.class)
                .optional()
                .ifPresent(user -> trail.revoked(new UserId(user)));
    }

    /** Revokes all tokens of a person. */
    void withdrawAll(UserId user) {
        jdbc.sql("delete from access_tokens where user_id = ?")
                .param(user.value())
                .update();
    }

    /**
     * @param token the token from a request
     * @return the person it acts for
     * @throws BadOpaqueTokenException if it is unknown or has expired
     */
    @Override
    @Transactional(propagation = Propagation.SUPPORTS, readOnly = true)
    public OAuth2AuthenticatedPrincipal introspect(String token) {
        Person person = jdbc.sql("""
                        select u.id, u.display_name, u.email, u.email_confirmed, u.superadmin, u.engine_admin,
                               u.deactivated_at
                        from access_tokens t join users u on u.id = t.user_id
                        where t.token_hash = ? and t.expires_at > ? and u.deactivated_at is null""")
                .params(Sha256.of(token), Timestamp.from(clock.instant()))
                .query(People::person)
                .optional()
                .orElseThrow(() -> new BadOpaqueTokenException("The token is unknown or has expired."));
        String name = person.id().value();
        return new DefaultOAuth2AuthenticatedPrincipal(name, Map.of("sub", name), PeopleDetails.authorities(person));
    }

    /** Deletes expired tokens. */
    @Scheduled(fixedDelayString = "PT1H")
    void forgetExpired() {
        jdbc.sql("delete from access_tokens where expires_at <= ?")
                .param(Timestamp.from(clock.instant()))
                .update();
    }
}
