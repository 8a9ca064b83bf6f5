package io.countersign.audit;

import io.countersign.api.paging.JdbcCursor;
import io.countersign.api.problem.ErrorCode;
import io.countersign.api.problem.Forbidden;
import io.countersign.chain.Anchor;
import io.countersign.chain.Finding;
import io.countersign.chain.Link;
import io.countersign.chain.Verification;
import java.util.Collection;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** Verifies that the trail is unchanged, or names the first entry that is not. */
@Component
public class AuditVerification {

    private final JdbcClient jdbc;
    private final TransactionTemplate snapshot;
    private final Sealer sealer;
    private final AuditReaders readers;

    AuditVerification(
            DataSource database, PlatformTransactionManager transactions, Sealer sealer, AuditReaders readers) {
        this.jdbc = JdbcCursor.client(database);
        this.snapshot = new TransactionTemplate(transactions);
        this.snapshot.setReadOnly(true);
        this.snapshot.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
        this.sealer = sealer;
        this.readers = readers;
    }

    /**
     * @param reader a signed-in person
     * @throws Forbidden unless they may read the whole trail
     */
    public void require(String reader) {
        if (!readers.readsEverything(reader)) {
            throw new Forbidden(
                    ErrorCode.MISSING_PERMISSION,
                    "Only who may read the whole trail can verify it: this is for superadmins.");
        }
    }

    /**
     * Checks the whole trail as it is at this moment, in constant memory.
     *
     * @param anchors anchors known from outside the database
     * @param progress is called with the number of each checked entry
     * @return the result
     */
    public Verification verify(Collection<Anchor> anchors, LongConsumer progress) {
        sealer.seal();
        return snapshot.execute(status -> {
            Verification chain = Verification.of(this::chain, anchors, progress);
            return chain.intact()
                    ? new Verification(chain.checked(), chain.newestHash(), chain.anchorsMet(), beside(chain.checked()))
                    : chain;
        });
    }

    private Stream<Link> chain() {
        return jdbc
                .sql("select " + EntryRows.COLUMNS
                        + " from audit_seals s left join audit_entries e on e.id = s.entry_id order by s.sequence")
                .query((row, n) -> EntryRows.link(row))
                .stream();
    }

    /** What the chain itself cannot show: entries that were never chained. */
    private Optional<Finding> beside(long checked) {
        Optional<Long> deleted = jdbc.sql("""
                        select u.entry_id from audit_unsealed u
                        where not exists (select from audit_entries e where e.id = u.entry_id)
                        order by u.entry_id limit 1""").query(Long.class).optional();
        if (deleted.isPresent()) {
            return Optional.of(new Finding(
                    Finding.Kind.MISSING,
                    checked + 1,
                    "The entry with the id " + deleted.get() + " was deleted before it was sealed."));
        }
        return jdbc.sql("""
                        select e.id from audit_entries e
                        where not exists (select from audit_seals s where s.entry_id = e.id)
                            and not exists (select from audit_unsealed u where u.entry_id = e.id)
                        order by e.id limit 1""")
                .query(Long.class)
                .optional()
                .map(id -> new Finding(
                        Finding.Kind.INSERTED,
                        checked + 1,
                        "The entry with the id " + id
                                + " has no seal: it was inserted past the triggers, or its seal was removed."));
    }
}
