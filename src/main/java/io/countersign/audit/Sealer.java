package io.countersign.audit;

import io.countersign.chain.Link;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Chains what was committed. One instance of the server seals at a time, in short transactions of their own, so that no
 * business transaction ever waits for the chain.
 */
@Component
class Sealer {

    /** Of PostgreSQL's advisory locks, the one that whoever seals holds. */
    private static final long LOCK = 0x61756469745F7331L;

    private static final int BATCH = 1000;

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final Clock clock;

    Sealer(JdbcClient jdbc, PlatformTransactionManager transactions, Clock clock) {
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactions);
        this.clock = clock;
    }

    /** Where the chain ends. */
    record Head(long sequence, String hash) {}

    /** Seals all that is committed, unless another instance is at it. */
    void sealUnlessBusy() {
        int sealed;
        do {
            sealed = inTransaction("select pg_try_advisory_xact_lock(?)");
        } while (sealed == BATCH);
    }

    /** Seals all that is committed; waits for another instance that is at it. */
    void seal() {
        int sealed;
        do {
            sealed = inTransaction("select true from pg_advisory_xact_lock(?)");
        } while (sealed == BATCH);
    }

    /** @return where the chain ends, unless it has not begun */
    Optional<Head> head() {
        return jdbc.sql("select sequence, hash from audit_seals order by sequence desc limit 1")
                .query(Head.class)
                .optional();
    }

    private int inTransaction(String lock) {
        // Without the lock, looking is enough: most of the time nothing waits.
        if (jdbc.sql("select 1 from audit_unsealed limit 1")
                .query(Integer.class)
                .optional()
                .isEmpty()) {
            return 0;
        }
        return transaction.execute(
                status -> jdbc.sql(lock).param(LOCK).query(Boolean.class).single() ? sealBatch() : 0);
    }

    /** The head is read after the lock was got, in a statement of its own, and so is the newest there is. */
    private int sealBatch() {
        Head head = head().orElse(new Head(0, Link.START));
        List<AuditEntry> entries = jdbc.sql("select " + EntryRows.COLUMNS + """
                        from audit_unsealed u
                        join audit_entries e on e.id = u.entry_id
                        left join audit_seals s on s.entry_id = u.entry_id
                        where s.sequence is null
                        order by u.entry_id
                        limit ?""")
                .param(BATCH)
                .query((row, n) -> EntryRows.entry(row))
                .list();
        Long[] ids = new Long[entries.size()];
        Long[] sequences = new Long[entries.size()];
        String[] previousHashes = new String[entries.size()];
        String[] hashes = new String[entries.size()];
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        Link link = new Link(head.sequence(), null, head.hash(), null);
        for (int i = 0; i < ids.length; i++) {
            link = Link.seal(link.sequence() + 1, link.hash(), EntryRows.content(entries.get(i), now));
            ids[i] = entries.get(i).id();
            sequences[i] = link.sequence();
            previousHashes[i] = link.previousHash();
            hashes[i] = link.hash();
        }
        if (ids.length > 0) {
            jdbc.sql("""
                            insert into audit_seals (sequence, entry_id, previous_hash, hash, sealed_at)
                            select sequence, entry_id, previous_hash, hash, ?
                            from unnest(?, ?, ?, ?) as link (sequence, entry_id, previous_hash, hash)""")
                    .params(Timestamp.from(now), sequences, ids, previousHashes, hashes)
                    .update();
            jdbc.sql("delete from audit_unsealed where entry_id = any (?)")
                    .param(ids)
                    .update();
        }
        return ids.length;
    }
}
