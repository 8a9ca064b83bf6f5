package io.countersign.tenant.notice;

import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Deletes old notices that were sent to tenants and orchestrators. */
@Component
class NoticeRetention {

    private final JdbcClient jdbc;
    private final Clock clock;
    private final Duration age;

    NoticeRetention(JdbcClient jdbc, Clock clock, @Value("${countersign.retention.deliveries}") Duration age) {
        this.jdbc = jdbc;
        this.clock = clock;
        this.age = age;
    }

    @Scheduled(cron = "${countersign.retention.schedule}", zone = "UTC")
    void forgetOld() {
        jdbc.sql("delete from tenant_notices where status <> 'queued' and closed_at < ?")
                .param(Timestamp.from(clock.instant().minus(age)))
                .update();
    }
}
