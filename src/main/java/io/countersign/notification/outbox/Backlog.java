package io.countersign.notification.outbox;

import io.countersign.api.paging.Keyset;
import io.countersign.api.paging.Page;
import io.countersign.api.paging.PageQuery;
import io.countersign.api.paging.PageRequest;
import io.countersign.api.paging.PageRequest.Key;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** The notifications that are not sent yet, for operators. */
@Component
@Transactional(readOnly = true)
public class Backlog {

    private static final Keyset<Waiting> OLDEST_FIRST =
            Keyset.oldestFirst("d.created_at", "d.id", Key::uuid, waiting -> Key.of(waiting.queuedAt(), waiting.id()));

    private final JdbcClient jdbc;

    Backlog(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * What is not sent yet.
     *
     * @param count how many
     * @param oldestSeconds how long the oldest waits; 0 if there are none
     */
    public record Queued(long count, double oldestSeconds) {}

    /**
     * A notification that is not sent yet.
     *
     * @param id the delivery
     * @param recipient whom to
     * @param subject what it says
     * @param queuedAt since when it waits
     * @param gaveUp whether its job is an incident; otherwise it is tried again by itself
     * @param lastFailure what the other side said last; null if it has not been tried
     */
    public record Waiting(
            UUID id, String recipient, String subject, Instant queuedAt, boolean gaveUp, String lastFailure) {}

    /** @return how much is not sent yet */
    public Queued queued() {
        return jdbc.sql("""
                        select count(*) as count,
                               coalesce(extract(epoch from now() - min(created_at)), 0) as oldest_seconds
                        from notification_deliveries where status = 'queued' and finished_at is null""").query(Queued.class).single();
    }

    /** @return what was queued before a time and is not sent yet, oldest first */
    public Page<Waiting> queuedBefore(Instant time, PageRequest page) {
        return PageQuery.of("""
                        select d.id, d.recipient, d.subject, d.created_at, j.retries_ = 0 as gave_up, j.exception_msg_
                        from notification_deliveries d
                        left join act_ru_job j on j.process_instance_id_ = d.process_instance_id
                        where d.status = 'queued' and d.finished_at is null and d.created_at < ?""", Timestamp.from(time))
                .page(
                        jdbc,
                        (row, n) -> new Waiting(
                                row.getObject("id", UUID.class),
                                row.getString("recipient"),
                                row.getString("subject"),
                                row.getTimestamp("created_at").toInstant(),
                                row.getBoolean("gave_up"),
                                row.getString("exception_msg_")),
                        OLDEST_FIRST,
                        page);
    }
}
