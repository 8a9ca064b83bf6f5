package io.countersign.tenant.orchestrator;

import io.countersign.api.secret.Sha256;
import io.countersign.identity.Principal;
import io.countersign.identity.signin.DoorRules.Door;
import io.countersign.identity.signin.MachineAccess;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.http.HttpMethod;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.oauth2.core.DefaultOAuth2AuthenticatedPrincipal;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.OAuth2AuthenticatedPrincipal;
import org.springframework.security.oauth2.server.authorization.OAuth2Authorization;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationService;
import org.springframework.security.oauth2.server.authorization.OAuth2TokenType;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * Stores and checks the access tokens of orchestrators. Only a token's SHA-256 is stored, in the database that all
 * instances share.
 */
@Component
@Transactional
public class OrchestratorTokens implements OAuth2AuthorizationService, MachineAccess {

    /** The principal's attribute with the caller's {@link OrchestratorId}. */
    public static final String ORCHESTRATOR = "orchestrator";

    /** The prefix of these tokens, so that a person's token is not looked up among them. */
    static final String PREFIX = "cso_";

    private final JdbcClient jdbc;
    private final Clock clock;

    OrchestratorTokens(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    @Override
    public Principal.Kind kind() {
        return Principal.Kind.ORCHESTRATOR;
    }

    @Override
    public List<Door> doors() {
        return List.of(new Door(HttpMethod.POST, "/api/v1/tenants"), new Door(HttpMethod.GET, "/api/v1/sync/features"));
    }

    @Override
    public void save(OAuth2Authorization authorization) {
        OAuth2AccessToken token = authorization.getAccessToken().getToken();
        UUID orchestrator = UUID.fromString(authorization.getRegisteredClientId());
        // Not for an orchestrator that is being deprovisioned: its row is locked until we commit.
        jdbc.sql("""
                        insert into orchestrator_tokens (token_hash, orchestrator_id, issued_at, expires_at)
                        select ?, id, ?::timestamptz, ?::timestamptz from orchestrators where id = ? and status = ?
                        for share""")
                .params(
                        Sha256.of(token.getTokenValue()),
                        Timestamp.from(token.getIssuedAt()),
                        Timestamp.from(token.getExpiresAt()),
                        orchestrator,
                        OrchestratorStatus.ACTIVE.wireName())
                .update();
        touch(orchestrator);
    }

    @Override
    public void remove(OAuth2Authorization authorization) {
        jdbc.sql("delete from orchestrator_tokens where token_hash = ?")
                .param(Sha256.of(authorization.getAccessToken().getToken().getTokenValue()))
                .update();
    }

    /** Only grants that we do not offer look up authorizations. */
    @Override
    public OAuth2Authorization findById(String id) {
        return null;
    }

    /** Only endpoints that we do not offer look up tokens. */
    @Override
    public OAuth2Authorization findByToken(String token, OAuth2TokenType tokenType) {
        return null;
    }

    @Override
    public Optional<OAuth2AuthenticatedPrincipal> introspect(String token) {
        if (!token.startsWith(PREFIX)) {
            return Optional.empty();
        }
        return jdbc.sql("""
                        select o.id, o.client_id from orchestrator_tokens t join orchestrators o on o.id = t.orchestrator_id
                        where t.token_hash = ? and t.expires_at > ? and o.status = ?""")
                .params(Sha256.of(token), Timestamp.from(clock.instant()), OrchestratorStatus.ACTIVE.wireName())
                .query(Caller.class)
                .optional()
                .map(caller -> {
                    touch(caller.id());
                    return new DefaultOAuth2AuthenticatedPrincipal(
                            caller.clientId(),
                            Map.of("sub", caller.clientId(), ORCHESTRATOR, new OrchestratorId(caller.id())),
                            AuthorityUtils.createAuthorityList(kind().authority()));
                });
    }

    /** Deletes expired tokens. */
    @Scheduled(fixedDelayString = "PT1H")
    void forgetExpired() {
        jdbc.sql("delete from orchestrator_tokens where expires_at <= ?")
                .param(Timestamp.from(clock.instant()))
                .update();
    }

    /**
     * Records that an orchestrator called: at most one write per second however often it calls, and never one that
     * waits for another transaction.
     */
    private void touch(UUID orchestrator) {
        Instant now = clock.instant();
        jdbc.sql("""
                        update orchestrators set last_used_at = ? where id in (
                            select id from orchestrators
                            where id = ? and (last_used_at is null or last_used_at < ?) for update skip locked)""")
                .params(Timestamp.from(now), orchestrator, Timestamp.from(now.minusSeconds(1)))
                .update();
    }

    private record Caller(UUID id, String clientId) {}
}
