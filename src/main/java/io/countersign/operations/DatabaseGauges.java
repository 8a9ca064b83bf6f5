package io.countersign.operations;

import io.countersign.approval.EntityType;
import io.countersign.approval.figures.ApprovalFigures;
import io.countersign.approval.figures.ApprovalFigures.Range;
import io.countersign.approval.kind.RequestKinds;
import io.countersign.engine.jobs.EngineOperations;
import io.countersign.notification.outbox.Backlog;
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
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * Gauges of what the database contains: the same on every node, so dashboards take their maximum. One refresh serves
 * all of them for a few seconds; each of its statements reads open rows only, never finished ones. While the database
 * does not answer, the gauges are NaN.
 */
@Component
class DatabaseGauges implements MeterBinder {

    private static final Logger log = LoggerFactory.getLogger(DatabaseGauges.class);
    private static final Duration FRESH = Duration.ofSeconds(10);
    private static final List<String> AGES = List.of("1h", "1d", "1w", "older");
    private static final List<Duration> BOUNDS = List.of(Duration.ofHours(1), Duration.ofDays(1), Duration.ofDays(7));

    private final ApprovalFigures figures;
    private final Backlog backlog;
    private final EngineOperations engine;
    private final Clock clock;
    private final RequestKinds kinds;
    private Map<String, Double> snapshot = Map.of();
    private Instant takenAt = Instant.MIN;

    DatabaseGauges(ApprovalFigures figures, Backlog backlog, EngineOperations engine, Clock clock, RequestKinds kinds) {
        this.figures = figures;
        this.backlog = backlog;
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
                log.warn("event=gauges_unreadable reason={}", e.getMessage());
                snapshot = Map.of();
            }
            takenAt = now;
        }
        return snapshot;
    }

    /** @return every non-zero value */
    Map<String, Double> look() {
        Map<String, Double> values = new HashMap<>();
        figures.waiting(Range.ALL, BOUNDS).forEach(row -> {
            values.put(Metrics.APPROVALS_PENDING + "|" + row.entityType() + "|" + AGES.get(row.age()), (double)
                    row.count());
            values.merge(Metrics.APPROVALS_STUCK + "|" + row.entityType(), (double) row.stuck(), Double::sum);
        });
        Backlog.Queued queued = backlog.queued();
        values.put(Metrics.DELIVERIES_QUEUED, (double) queued.count());
        values.put(Metrics.DELIVERIES_OLDEST, queued.oldestSeconds());
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
