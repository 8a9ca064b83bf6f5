package io.countersign.notification.outbox;

import io.countersign.approval.ApprovalId;
import io.countersign.approval.archive.ApprovalsArchived;
import io.countersign.approval.requests.Approvals;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Deletes old deliveries, and the links of closed requests. */
@Component
class DeliveryRetention {

    private static final int BATCH = 5000;
    private static final int REQUESTS = 500;

    private final JdbcClient jdbc;
    private final Approvals approvals;
    private final Clock clock;
    private final Duration age;

    DeliveryRetention(
            JdbcClient jdbc,
            Approvals approvals,
            Clock clock,
            @Value("${countersign.retention.deliveries}") Duration age) {
        this.jdbc = jdbc;
        this.approvals = approvals;
        this.clock = clock;
        this.age = age;
    }

    /**
     * Queued deliveries stay, however old, and so do those that show who was asked about a pending request. Until they
     * are deleted, links show the outcome of their request.
     */
    @Scheduled(cron = "${countersign.retention.schedule}", zone = "UTC")
    void forgetOld() {
        Instant before = clock.instant().minus(age);
        int deleted;
        do {
            deleted = jdbc.sql("""
                            delete from notification_deliveries where id in (
                                select id from notification_deliveries
                                where status <> 'queued' and purpose <> 'decision' and finished_at < ? limit ?)""").params(Timestamp.from(before), BATCH).update();
        } while (deleted == BATCH);
        forEachBatch(
                "select distinct approval_id from notification_deliveries where purpose = 'decision'",
                requests -> jdbc.sql("""
                                delete from notification_deliveries
                                where approval_id = any (?) and purpose = 'decision' and status <> 'queued'
                                  and finished_at < ?""")
                        .params(closedBefore(clock.instant(), requests), Timestamp.from(before))
                        .update());
        forEachBatch(
                "select distinct approval_id from decision_links where true",
                requests -> jdbc.sql("delete from decision_links where approval_id = any (?)")
                        .param(closedBefore(before, requests))
                        .update());
    }

    /** Visits requests in id order, including those that stay. */
    private void forEachBatch(String select, Consumer<List<ApprovalId>> work) {
        UUID last = new UUID(0, 0);
        List<UUID> batch;
        do {
            batch = jdbc.sql(select + " and approval_id > ? order by approval_id limit ?")
                    .params(last, REQUESTS)
                    .query(UUID.class)
                    .list();
            if (!batch.isEmpty()) {
                work.accept(batch.stream().map(ApprovalId::new).toList());
                last = batch.get(batch.size() - 1);
            }
        } while (batch.size() == REQUESTS);
    }

    private UUID[] closedBefore(Instant time, Collection<ApprovalId> requests) {
        return approvals.closedBefore(time, requests).stream()
                .map(ApprovalId::value)
                .toArray(UUID[]::new);
    }

    /** Their foreign keys would prevent the requests from being archived. */
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
