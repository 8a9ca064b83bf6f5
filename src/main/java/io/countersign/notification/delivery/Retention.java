package io.countersign.notification.delivery;

import io.countersign.approval.ApprovalId;
import io.countersign.approval.archive.ApprovalsArchived;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Forgets deliveries that nobody asks about any more, and links of requests that are closed. */
@Component
class Retention {

    private static final int BATCH = 5000;

    private final JdbcClient jdbc;
    private final Clock clock;
    private final Duration age;

    Retention(JdbcClient jdbc, Clock clock, @Value("${countersign.retention.deliveries}") Duration age) {
        this.jdbc = jdbc;
        this.clock = clock;
        this.age = age;
    }

    /**
     * What is queued stays, however old, and so does what tells whom a pending request has asked. A link keeps saying
     * what became of its request until then.
     */
    @Scheduled(cron = "${countersign.retention.schedule}", zone = "UTC")
    void forgetOld() {
        Timestamp before = Timestamp.from(clock.instant().minus(age));
        int deleted;
        do {
            deleted = jdbc.sql("""
                            delete from notification_deliveries where id in (
                                select d.id from notification_deliveries d
                                where d.status <> 'queued' and d.finished_at < ?
                                  and not (d.purpose = 'decision' and exists (
                                      select from approvals a where a.id = d.approval_id and a.status = 'pending'))
                                limit ?)""").params(before, BATCH).update();
        } while (deleted == BATCH);
        do {
            deleted = jdbc.sql("""
                            delete from decision_links where token_hash in (
                                select l.token_hash from decision_links l join approvals a on a.id = l.approval_id
                                where a.status <> 'pending' and a.closed_at < ? limit ?)""").params(before, BATCH).update();
        } while (deleted == BATCH);
    }

    /** Their foreign keys would hold the requests back. */
    @EventListener
    @Transactional(propagation = Propagation.MANDATORY)
    public void approvalsLeave(ApprovalsArchived event) {
        UUID[] ids = event.approvals().stream().map(ApprovalId::value).toArray(UUID[]::new);
        jdbc.sql("delete from decision_links where approval_id = any (?)")
                .param(ids)
                .update();
        jdbc.sql("delete from notification_deliveries where approval_id = any (?)")
                .param(ids)
                .update();
    }
}
