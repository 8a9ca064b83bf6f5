package io.countersign.notification.outbox;

import io.countersign.api.paging.Keyset;
import io.countersign.api.paging.Page;
import io.countersign.api.paging.PageQuery;
import io.countersign.api.paging.PageRequest;
import io.countersign.api.paging.PageRequest.Key;
import io.countersign.engine.jobs.JobRows;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Unsent notifications, for operators. */
@Component
@Transactional(readOnly = true)
public class Backlog {

    private static final Keyset<Row> OLDEST_FIRST =
            Keyset.oldestFirst("created_at", "id", Key::uuid, row -> Key.of(row.queuedAt(), row.id()));

    private final JdbcClient jdbc;
    private final JobRows jobs;

    Backlog(JdbcClient jdbc, JobRows jobs) {
        this.jdbc = jdbc;
        this.jobs = jobs;
    }

    /**
     * The amount of unsent notifications.
     *
     * @param count how many
     * @param oldestSeconds the age of the oldest; 0 if there are none
     */
    public record Queued(long count, double oldestSeconds) {}

    /**
     * An unsent notification.
     *
     * @param id the delivery
     * @param recipient the recipient
     * @param subject its subject
     * @param queuedAt when it was queued
     * @param gaveUp whether its job is an incident; otherwise it is retried automatically
     * @param lastFailure the last failure's message; null if it has not been attempted
     */
    public record Waiting(
            UUID id, String recipient, String subject, Instant queuedAt, boolean gaveUp, String lastFailure) {}

    /** @return the amount of unsent notifications */
    public Queued queued() {
        return jdbc.sql("""
                        select count(*) as count,
                               coalesce(extract(epoch from now() - min(created_at)), 0) as oldest_seconds
                        from notification_deliveries where status = 'queued' and finished_at is null""").query(Queued.class).single();
    }

    /** @return unsent notifications queued before a time, oldest first */
    public Page<Waiting> queuedBefore(Instant time, PageRequest page) {
        Page<Row> rows = PageQuery.of("""
                        select id, recipient, subject, created_at, process_instance_id from notification_deliveries
                        where status = 'queued' and finished_at is null and created_at < ?""", Timestamp.from(time))
                .page(
                        jdbc,
                        (row, n) -> new Row(
                                row.getObject("id", UUID.class),
                                row.getString("recipient"),
                                row.getString("subject"),
                                row.getTimestamp("created_at").toInstant(),
                                row.getString("process_instance_id")),
                        OLDEST_FIRST,
                        page);
        Map<String, JobRows.State> found = jobs.ofInstances(
                rows.items().stream().map(Row::process).filter(Objects::nonNull).toList());
        return rows.map(row -> row.waiting(Optional.ofNullable(found.get(row.process()))));
    }

    private record Row(UUID id, String recipient, String subject, Instant queuedAt, String process) {

        Waiting waiting(Optional<JobRows.State> job) {
            return new Waiting(
                    id,
                    recipient,
                    subject,
                    queuedAt,
                    job.filter(JobRows.State::gaveUp).isPresent(),
                    job.map(JobRows.State::failure).orElse(null));
        }
    }
}
