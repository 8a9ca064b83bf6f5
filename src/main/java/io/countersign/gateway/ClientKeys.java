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
 * Stores the encrypted keys of clients that no deployment has let through yet. Lock order: client, attachments, key.
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

    /** Stores a client's key, replacing an earlier one. */
    void keep(UUID client, String key) {
        jdbc.sql("""
                        insert into client_keys (client_id, sealed) values (?, ?)
                        on conflict (client_id) do update set sealed = excluded.sealed""").params(client, encryption.seal(key)).update();
    }

    /** @return whether a client's key is not yet on the target */
    boolean waits(UUID client) {
        return jdbc.sql("select exists (select from client_keys where client_id = ?)")
                .param(client)
                .query(Boolean.class)
                .single();
    }

    /**
     * Removes a key for delivery to the target; it stays stored if the transaction fails.
     *
     * @return the key; empty if the target already has it
     * @throws IllegalStateException if the key that encrypted it is gone
     */
    Optional<String> take(UUID client) {
        return jdbc.sql("delete from client_keys where client_id = ? returning sealed")
                .param(client)
                .query(String.class)
                .optional()
                .map(encryption::open);
    }

    /** Re-encrypts keys that an older configured key encrypted, so that it can be removed from the configuration. */
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

    /** Deletes the key of a client that is gone. */
    void forget(UUID client) {
        jdbc.sql("delete from client_keys where client_id = ?").param(client).update();
    }
}
