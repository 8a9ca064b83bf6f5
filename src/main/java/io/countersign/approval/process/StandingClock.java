package io.countersign.approval.process;

import io.countersign.approval.waiting.StandingProperties;
import java.sql.Timestamp;
import java.time.Clock;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Keeps the timer of {@code standing-watch} at the interval that is set. The model says a minute, and the engine reads
 * it only when a model is deployed, which a changed setting is no reason for.
 */
@Component
class StandingClock {

    private final JdbcClient jdbc;
    private final StandingProperties properties;
    private final Clock clock;

    StandingClock(JdbcClient jdbc, StandingProperties properties, Clock clock) {
        this.jdbc = jdbc;
        this.properties = properties;
        this.clock = clock;
    }

    /** Sets the timer anew unless it has this interval; a shorter one begins at once. */
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
                        ApprovalProcess.STANDING_WATCH,
                        cycle)
                .update();
    }
}
