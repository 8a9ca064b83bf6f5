package io.countersign.identity.signin;

import io.countersign.api.secret.Encryption;
import io.countersign.identity.UserId;
import io.countersign.identity.throttle.SignInTrail;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * The provider's sessions that sessions here depend on. All instances share them: a browser session whose row is gone
 * ends at its next request, on any instance.
 */
@Component
class ProviderSessions {

    /** A provider that does not answer is asked again after this long, once for all requests in between. */
    private static final Duration BETWEEN_QUESTIONS = Duration.ofSeconds(30);

    private final JdbcClient jdbc;
    private final Encryption encryption;
    private final SignInTrail trail;
    private final Clock clock;
    private final Duration longest;

    /** @param idle the timeout of an unused browser session */
    ProviderSessions(
            JdbcClient jdbc,
            Encryption encryption,
            SignInTrail trail,
            Clock clock,
            ProviderProperties properties,
            @Value("${server.servlet.session.timeout}") Duration idle) {
        this.jdbc = jdbc;
        this.encryption = encryption;
        this.trail = trail;
        this.clock = clock;
        this.longest = idle.plus(properties.unchecked());
    }

    /**
     * A session at the provider.
     *
     * @param id its id here
     * @param user its person
     * @param subject the provider's identifier of that person
     * @param checkedAt when the provider last confirmed the account
     */
    record Session(UUID id, UserId user, String subject, Instant checkedAt) {}

    /**
     * Records a sign-in.
     *
     * @param user the provider's claims about the person
     * @param person their user id here
     * @param refreshToken for later checks with the provider, if it issued one
     * @return the new session's id
     */
    UUID begin(OidcUser user, UserId person, Optional<String> refreshToken) {
        UUID id = UUID.randomUUID();
        jdbc.sql("""
                        insert into provider_sessions (id, user_id, issuer, subject, sid, refresh_token, checked_at)
                        values (?, ?, ?, ?, ?, ?, ?)""")
                .params(
                        id,
                        person.value(),
                        user.getIssuer().toString(),
                        user.getSubject(),
                        user.getIdToken().getClaimAsString("sid"),
                        refreshToken.map(encryption::seal).orElse(null),
                        Timestamp.from(clock.instant()))
                .update();
        return id;
    }

    /** @return the session, unless it has ended */
    Optional<Session> find(UUID id) {
        return jdbc.sql("select id, user_id, subject, checked_at from provider_sessions where id = ?")
                .param(id)
                .query(ProviderSessions::session)
                .optional();
    }

    /**
     * Lets only one of concurrent requests ask the provider about a session.
     *
     * @return the refresh token; empty if there is none, or if the provider was just asked
     */
    Optional<String> ask(UUID id) {
        Instant now = clock.instant();
        return jdbc.sql("""
                        update provider_sessions set asked_at = ?
                        where id = ? and refresh_token is not null and (asked_at is null or asked_at < ?)
                        returning refresh_token""")
                .params(Timestamp.from(now), id, Timestamp.from(now.minus(BETWEEN_QUESTIONS)))
                .query(String.class)
                .optional()
                .map(encryption::open);
    }

    /** Replaces the refresh token. */
    void keep(UUID id, String refreshToken) {
        jdbc.sql("update provider_sessions set refresh_token = ? where id = ?")
                .params(encryption.seal(refreshToken), id)
                .update();
    }

    /** Records that the provider has just confirmed the account. */
    void checked(UUID id) {
        jdbc.sql("update provider_sessions set checked_at = ?, asked_at = null where id = ?")
                .params(Timestamp.from(clock.instant()), id)
                .update();
    }

    /** Ends a session. */
    void end(UUID id) {
        jdbc.sql("delete from provider_sessions where id = ?").param(id).update();
    }

    /**
     * Ends what the provider ended: one session, or all of a person.
     *
     * @param sid the provider's session; null for all
     * @param subject the person; null if only the session is known
     * @return how many sessions ended
     */
    @Transactional
    int end(String issuer, String sid, String subject) {
        List<String> people = jdbc.sql("""
                        delete from provider_sessions
                        where issuer = :issuer and (sid = :sid or :sid::text is null)
                          and (subject = :subject or :subject::text is null)
                          and coalesce(:sid::text, :subject::text) is not null
                        returning user_id""")
                .param("issuer", issuer)
                .param("sid", sid)
                .param("subject", subject)
                .query(String.class)
                .list();
        people.forEach(person -> trail.ended(new UserId(person)));
        return people.size();
    }

    /** Deletes sessions unused for so long that their browser sessions have expired. */
    @Scheduled(fixedDelayString = "PT1H")
    void forgetUnused() {
        jdbc.sql("delete from provider_sessions where checked_at < ?")
                .param(Timestamp.from(clock.instant().minus(longest)))
                .update();
    }

    private static Session session(ResultSet row, int number) throws SQLException {
        return new Session(
                row.getObject("id", UUID.class),
                new UserId(row.getString("user_id")),
                row.getString("subject"),
                row.getTimestamp("checked_at").toInstant());
    }
}
