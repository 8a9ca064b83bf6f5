package io.countersign.gateway;

import io.countersign.api.secret.Encryption;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Keeps the keys of clients that no deployment has let through yet, encrypted. A row is locked after the client and its
 * attachments.
 */
@Component
@Transactional(propagation = Propagation.MANDATORY)
class ClientKeys {

    private final JdbcClient jdbc;
    private final Encryption encryption;

    ClientKeys(JdbcClient jdbc, Encryption encryption) {
        this.jdbc = jdbc;
        this.encryption = encryption;
    }

    /** Keeps a client's key, instead of an earlier one. */
    void keep(UUID client, String key) {
        jdbc.sql("""
                        insert into client_keys (client_id, sealed) values (?, ?)
                        on conflict (client_id) do update set sealed = excluded.sealed""").params(client, encryption.seal(key)).update();
    }

    /** @return whether the target does not have a client's key yet */
    boolean waits(UUID client) {
        return jdbc.sql("select exists (select from client_keys where client_id = ?)")
                .param(client)
                .query(Boolean.class)
                .single();
    }

    /**
     * Gives a key out to be handed to the target; it stays if the transaction fails.
     *
     * @return the key; empty if the target has it already
     * @throws IllegalStateException if the key that encrypted it is gone
     */
    Optional<String> take(UUID client) {
        return jdbc.sql("delete from client_keys where client_id = ? returning sealed")
                .param(client)
                .query(String.class)
                .optional()
                .map(encryption::open);
    }

    /** Encrypts again what an older key of the configuration encrypted, so that it can be removed there. */
    @Scheduled(fixedDelayString = "PT1H")
    @Transactional
    void sealAgain() {
        jdbc
                .sql("select client_id, sealed from client_keys for update skip locked")
                .query((row, n) -> Map.entry(row.getObject("client_id", UUID.class), row.getString("sealed")))
                .list()
                .stream()
                .filter(kept -> !encryption.isCurrent(kept.getValue()))
                .forEach(kept -> keep(kept.getKey(), encryption.open(kept.getValue())));
    }

    /** Forgets the key of a client that is gone. */
    void forget(UUID client) {
        jdbc.sql("delete from client_keys where client_id = ?").param(client).update();
    }
}
