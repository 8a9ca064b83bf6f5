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
 * Chains committed entries. One instance seals at a time, in short separate transactions, so that no business
 * transaction waits for the chain. Not a ledger library, because those have their own store: these are the rows of the
 * trail, chained in place.
 */
@Component
class Sealer {

    /** The PostgreSQL advisory lock held while sealing. */
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

    /** Seals everything committed, unless another instance is sealing. */
    void sealUnlessBusy() {
        seal("select pg_try_advisory_xact_lock(?)");
    }

    /** Seals everything committed; waits while another instance is sealing. */
    void seal() {
        seal("select true from pg_advisory_xact_lock(?)");
    }

    /** @return where the chain ends, unless it has not begun */
    Optional<Head> head() {
        return jdbc.sql("select sequence, hash from audit_seals order by sequence desc limit 1")
                .query(Head.class)
                .optional();
    }

    private void seal(String lock) {
        // Checked without the lock first: most of the time nothing is waiting.
        boolean waiting = jdbc.sql("select 1 from audit_unsealed limit 1")
                .query(Integer.class)
                .optional()
                .isPresent();
        Optional<Long> last = Optional.of(0L).filter(start -> waiting);
        while (last.isPresent() && !Thread.currentThread().isInterrupted()) {
            long after = last.get();
            last = transaction.execute(status ->
                    jdbc.sql(lock).param(LOCK).query(Boolean.class).single() ? sealBatch(after) : Optional.empty());
        }
    }

    /** A waiting entry: its id, and the entry unless it is gone or already sealed. */
    private record Waiting(long id, Optional<AuditEntry> entry) {}

    /**
     * Seals the next entries. The head and the newest entry are read after the lock is acquired, in separate
     * statements.
     *
     * @return the last one's id, if there are more
     */
    private Optional<Long> sealBatch(long after) {
        List<Waiting> batch = jdbc.sql("select u.entry_id, " + EntryRows.COLUMNS + """
                        from (
                            select entry_id from audit_unsealed where entry_id > ? order by entry_id limit ?) u
                        left join audit_entries e on e.id = u.entry_id
                        left join audit_seals s on s.entry_id = u.entry_id
                        order by u.entry_id""")
                .params(after, BATCH)
                .query((row, n) -> new Waiting(
                        row.getLong("entry_id"),
                        row.getObject("id") == null || row.getObject("sequence") != null
                                ? Optional.empty()
                                : Optional.of(EntryRows.entry(row))))
                .list();
        List<AuditEntry> entries =
                batch.stream().flatMap(waiting -> waiting.entry().stream()).toList();
        if (!entries.isEmpty()) {
            append(entries);
        }
        return batch.size() < BATCH
                ? Optional.empty()
                : Optional.of(batch.get(batch.size() - 1).id());
    }

    private void append(List<AuditEntry> entries) {
        Head head = head().orElse(new Head(0, Link.START));
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
}
