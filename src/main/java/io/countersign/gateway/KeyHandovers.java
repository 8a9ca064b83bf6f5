package io.countersign.gateway;

import io.countersign.target.Target;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Sees to it that no key stays at the target whose client was never recorded, say because the database went away after
 * the target had taken the key. Each is noted before it is handed over, in a transaction of its own, and the
 * transaction that records the client takes the note away: whichever way that one ends, the note is right.
 */
@Component
class KeyHandovers {

    private static final Logger log = LoggerFactory.getLogger(KeyHandovers.class);

    private final JdbcClient jdbc;
    private final Manifests manifests;
    private final Target target;
    private final TransactionTemplate apart;

    KeyHandovers(JdbcClient jdbc, Manifests manifests, Target target, PlatformTransactionManager transactions) {
        this.jdbc = jdbc;
        this.manifests = manifests;
        this.target = target;
        this.apart = new TransactionTemplate(transactions);
        this.apart.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
    }

    /**
     * To be called before a new client's key is handed over, in the transaction that records the client.
     *
     * @throws OptimisticLockingFailureException if the note was cleared up in the very moment between the two
     *     transactions; then nothing has been handed over
     */
    @Transactional(propagation = Propagation.MANDATORY)
    void begin(ApiClient client) {
        apart.executeWithoutResult(
                status -> jdbc.sql("insert into key_handovers (client_id, project_id, name) values (?, ?, ?)")
                        .params(client.id(), client.project(), client.name())
                        .update());
        int taken = jdbc.sql("delete from key_handovers where client_id = ?")
                .param(client.id())
                .update();
        if (taken == 0) {
            throw new OptimisticLockingFailureException("The note of client " + client.id() + " was cleared up");
        }
    }

    /**
     * Removes keys from the target that belong to no client. One that the target cannot remove now is left for later.
     */
    @Scheduled(fixedDelayString = "PT1M")
    void clearUp() {
        List<UUID> noted = jdbc.sql("select client_id from key_handovers")
                .query(UUID.class)
                .list();
        for (UUID client : noted) {
            try {
                apart.executeWithoutResult(status -> clearUp(client));
            } catch (RuntimeException e) {
                log.warn("key without a client not removed, tried again client={}", client, e);
            }
        }
    }

    /** Passes over a note whose transaction is still under way: that one has it locked. */
    private void clearUp(UUID client) {
        jdbc.sql("""
                        delete from key_handovers
                        where client_id = (select client_id from key_handovers where client_id = ?
                                           for update skip locked)
                        returning project_id, name""")
                .param(client)
                .query((row, n) -> manifests.keySecretRef(client, row.getString("project_id"), row.getString("name")))
                .optional()
                .ifPresent(secret -> {
                    target.delete(secret);
                    log.info("key without a client removed client={} secret={}", client, secret);
                });
    }
}
