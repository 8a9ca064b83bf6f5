package io.countersign.approval.process;

import io.countersign.approval.waiting.WaitingProperties;
import java.sql.Timestamp;
import java.time.Clock;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Keeps the timer of {@code overdue-sweep} at the configured interval. The engine reads the model's interval only on
 * deployment, and a changed setting alone does not redeploy the model.
 */
@Component
class SweepTimer {

    private final JdbcClient jdbc;
    private final WaitingProperties properties;
    private final Clock clock;

    SweepTimer(JdbcClient jdbc, WaitingProperties properties, Clock clock) {
        this.jdbc = jdbc;
        this.properties = properties;
        this.clock = clock;
    }

    /** Resets the timer unless it has this interval; a shorter interval takes effect immediately. */
    @EventListener(ApplicationReadyEvent.class)
    public void keep() {
        String cycle = "R/" + properties.interval();
        jdbc.sql("""
                        update act_ru_job
                        set repeat_ = ?, duedate_ = least(duedate_, ?::timestamp), rev_ = rev_ + 1
                        where process_def_key_ = ? and type_ = 'timer' and repeat_ <> ?""")
                .params(
                        cycle,
                        Timestamp.from(clock.instant().plus(properties.interval())),
                        ApprovalProcess.OVERDUE_SWEEP,
                        cycle)
                .update();
    }
}
