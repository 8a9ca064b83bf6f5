package io.countersign.audit;

import io.countersign.api.paging.JdbcCursor;
import io.countersign.api.paging.PageQuery;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Exports the trail, oldest first in the order of the chain. Reads with a cursor, in constant memory. */
@Component
public class AuditExport {

    /** The scope in which exports of all scopes are recorded. */
    private static final String PLATFORM = "platform:platform";

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final Sealer sealer;
    private final AuditReaders readers;
    private final AuditTrail trail;
    private final TransactionTemplate noting;

    AuditExport(
            DataSource database,
            PlatformTransactionManager transactions,
            Sealer sealer,
            AuditReaders readers,
            AuditTrail trail) {
        this.jdbc = JdbcCursor.client(database);
        this.transaction = new TransactionTemplate(transactions);
        this.transaction.setReadOnly(true);
        this.sealer = sealer;
        this.readers = readers;
        this.trail = trail;
        this.noting = new TransactionTemplate(transactions);
    }

    /** The format of an export. */
    public enum Format {
        CSV("text/csv;charset=UTF-8"),
        JSONL("application/jsonl");

        private final String mediaType;

        Format(String mediaType) {
            this.mediaType = mediaType;
        }

        /**
         * @param wireName a name such as {@code csv}
         * @return the format, or empty if there is none of that name
         */
        public static Optional<Format> find(String wireName) {
            return Arrays.stream(values())
                    .filter(format -> format.wireName().equals(wireName))
                    .findFirst();
        }

        /** @return the media type to answer with */
        public String mediaType() {
            return mediaType;
        }

        /** @return the name in queries, also the file extension */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Exports the part of the trail that a person may see, up to what is committed now, and first records the export in
     * the trail.
     *
     * @param reader the reader
     * @param filter the filter
     * @param format the format
     * @param out the target; is flushed and left open
     * @throws IOException if the client disconnects
     */
    public void write(String reader, AuditFilter filter, Format format, OutputStream out) throws IOException {
        noting.executeWithoutResult(status -> note(filter, format));
        sealer.seal();
        PageQuery query = EntryRows.narrow(
                "select " + EntryRows.COLUMNS + " from audit_seals s join audit_entries e on e.id = s.entry_id",
                filter,
                readers,
                reader);
        Writer writer = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
        if (format == Format.CSV) {
            writer.write(Csv.line(EntryRows.NAMES));
        }
        RowCallbackHandler write = row -> {
            try {
                writer.write(
                        format == Format.CSV
                                ? Csv.line(EntryRows.values(EntryRows.entry(row)))
                                : EntryRows.link(row).toLine() + "\n");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
        try {
            transaction.executeWithoutResult(status -> jdbc.sql(query.sql() + " order by s.sequence")
                    .params(query.params())
                    .query(write));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        writer.flush();
    }

    private void note(AuditFilter filter, Format format) {
        Map<String, Object> details = new TreeMap<>();
        filter.actor().ifPresent(value -> details.put("by_actor", value));
        filter.entityType().ifPresent(value -> details.put("entity_type", value));
        filter.entityId().ifPresent(value -> details.put("entity_id", value));
        filter.entityName().ifPresent(value -> details.put("entity_name", value));
        filter.action().ifPresent(value -> details.put("of_action", value));
        filter.origin().ifPresent(value -> details.put("from_origin", value));
        filter.from().ifPresent(value -> details.put("from", value));
        filter.to().ifPresent(value -> details.put("to", value));
        trail.record(
                AuditAction.EXPORT,
                new AuditSubject(
                        "audit_trail",
                        "audit",
                        format.wireName(),
                        filter.scope().orElse(PLATFORM)),
                details);
    }
}
