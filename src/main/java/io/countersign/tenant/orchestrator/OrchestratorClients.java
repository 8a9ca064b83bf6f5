package io.countersign.tenant.orchestrator;

import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.settings.OAuth2TokenFormat;
import org.springframework.security.oauth2.server.authorization.settings.TokenSettings;
import org.springframework.stereotype.Component;

/** Provides orchestrators to Spring Authorization Server as clients, except deprovisioned ones. */
@Component
class OrchestratorClients implements RegisteredClientRepository {

    private final JdbcClient jdbc;
    private final Duration tokenLifetime;

    OrchestratorClients(JdbcClient jdbc, @Value("${countersign.tenants.token-lifetime}") Duration tokenLifetime) {
        this.jdbc = jdbc;
        this.tokenLifetime = tokenLifetime;
    }

    private record Row(UUID id, String name, String clientId, String secretHash) {}

    @Override
    public void save(RegisteredClient registeredClient) {
        throw new IllegalStateException(
                "Only superadmins provision orchestrators; clients cannot register themselves.");
    }

    @Override
    public RegisteredClient findById(String id) {
        return find("id = ?::uuid", id).orElse(null);
    }

    @Override
    public RegisteredClient findByClientId(String clientId) {
        return find("client_id = ?", clientId).orElse(null);
    }

    private Optional<RegisteredClient> find(String condition, String value) {
        return jdbc.sql("select id, name, client_id, secret_hash from orchestrators where status = ? and " + condition)
                .params(OrchestratorStatus.ACTIVE.wireName(), value)
                .query(Row.class)
                .optional()
                .map(this::client);
    }

    private RegisteredClient client(Row row) {
        return RegisteredClient.withId(row.id().toString())
                .clientId(row.clientId())
                .clientName(row.name())
                .clientSecret(row.secretHash())
                .clientAuthenticationMethod(ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
                .clientAuthenticationMethod(ClientAuthenticationMethod.CLIENT_SECRET_POST)
                .authorizationGrantType(AuthorizationGrantType.CLIENT_CREDENTIALS)
                .tokenSettings(TokenSettings.builder()
                        .accessTokenFormat(OAuth2TokenFormat.REFERENCE)
                        .accessTokenTimeToLive(tokenLifetime)
                        .build())
                .build();
    }
}
