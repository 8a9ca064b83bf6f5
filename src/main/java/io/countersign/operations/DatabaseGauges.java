package io.countersign.operations;

import io.countersign.approval.EntityType;
import io.countersign.approval.kind.RequestKinds;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * Gauges of what the database holds: the same on every node, so that dashboards take their maximum. One look serves all
 * of them for some seconds; each of its statements reads what is open now, never what is finished. While the database
 * does not answer, the gauges are NaN.
 */
@Component
class DatabaseGauges implements MeterBinder {

    private static final Logger log = LoggerFactory.getLogger(DatabaseGauges.class);
    private static final Duration FRESH = Duration.ofSeconds(10);
    private static final List<String> AGES = List.of("1h", "1d", "1w", "older");

    private final JdbcClient jdbc;
    private final EngineWork engine;
    private final Clock clock;
    private final RequestKinds kinds;
    private Map<String, Double> snapshot = Map.of();
    private Instant takenAt = Instant.MIN;

    DatabaseGauges(JdbcClient jdbc, EngineWork engine, Clock clock, RequestKinds kinds) {
        this.jdbc = jdbc;
        this.engine = engine;
        this.clock = clock;
        this.kinds = kinds;
    }

    @Override
    public void bindTo(MeterRegistry meters) {
        for (EntityType type : kinds.types()) {
            for (String age : AGES) {
                gauge(
                        meters,
                        Metrics.APPROVALS_PENDING,
                        "Requests that wait for a decision, by their age at most",
                        "entity_type",
                        type.wireName(),
                        "age",
                        age);
            }
            gauge(
                    meters,
                    Metrics.APPROVALS_STUCK,
                    "Pending requests that nobody can decide",
                    "entity_type",
                    type.wireName());
        }
        for (String process : processes()) {
            gauge(meters, Metrics.INCIDENTS, "Engine jobs that gave up and wait for an operator", "process", process);
        }
        gauge(meters, Metrics.JOBS_DUE, "Engine jobs that could run now and do not run yet");
        gauge(meters, Metrics.DELIVERIES_QUEUED, "Notifications that are not sent yet");
        Gauge.builder(Metrics.DELIVERIES_OLDEST, this, value(Metrics.DELIVERIES_OLDEST))
                .description("Age of the oldest notification that is not sent yet")
                .baseUnit("seconds")
                .register(meters);
    }

    private List<String> processes() {
        List<String> keys = new ArrayList<>(engine.processKeys());
        keys.add("other");
        return keys;
    }

    private void gauge(MeterRegistry meters, String name, String description, String... tags) {
        String key = name;
        for (int i = 1; i < tags.length; i += 2) {
            key += "|" + tags[i];
        }
        Gauge.builder(name, this, value(key))
                .description(description)
                .tags(tags)
                .register(meters);
    }

    private static ToDoubleFunction<DatabaseGauges> value(String key) {
        return gauges -> {
            Map<String, Double> now = gauges.snapshot();
            return now.isEmpty() ? Double.NaN : now.getOrDefault(key, 0.0);
        };
    }

    private synchronized Map<String, Double> snapshot() {
        Instant now = clock.instant();
        if (takenAt.plus(FRESH).isBefore(now)) {
            try {
                snapshot = look();
            } catch (DataAccessException | TransactionException e) {
                log.warn("Gauges cannot be read: {}", e.getMessage());
                snapshot = Map.of();
            }
            takenAt = now;
        }
        return snapshot;
    }

    /** @return every value that is not zero */
    Map<String, Double> look() {
        Map<String, Double> values = new HashMap<>();
        jdbc.sql("""
                        select entity_type,
                               case when submitted_at > now() - interval '1 hour' then '1h'
                                    when submitted_at > now() - interval '1 day' then '1d'
                                    when submitted_at > now() - interval '7 days' then '1w'
                                    else 'older' end as age,
                               count(*) as pending, count(stuck_reason) as stuck
                        from approvals where status = 'pending' group by 1, 2""")
                .query((row, n) -> {
                    String type = row.getString("entity_type");
                    values.put(
                            Metrics.APPROVALS_PENDING + "|" + type + "|" + row.getString("age"),
                            row.getDouble("pending"));
                    return values.merge(Metrics.APPROVALS_STUCK + "|" + type, row.getDouble("stuck"), Double::sum);
                })
                .list();
        jdbc.sql("""
                        select count(*) as queued,
                               coalesce(extract(epoch from now() - min(created_at)), 0) as oldest
                        from notification_deliveries where status = 'queued' and finished_at is null""")
                .query((row, n) -> {
                    values.put(Metrics.DELIVERIES_QUEUED, row.getDouble("queued"));
                    return values.put(Metrics.DELIVERIES_OLDEST, row.getDouble("oldest"));
                })
                .list();
        List<String> known = engine.processKeys();
        engine.openIncidents()
                .forEach((process, count) -> values.merge(
                        Metrics.INCIDENTS + "|" + (known.contains(process) ? process : "other"),
                        count.doubleValue(),
                        Double::sum));
        values.put(Metrics.JOBS_DUE, (double) engine.jobsDue());
        return values;
    }
}
