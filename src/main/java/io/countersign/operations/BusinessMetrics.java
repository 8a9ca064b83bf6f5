package io.countersign.operations;

import io.countersign.approval.ApprovalEvent;
import io.countersign.approval.ApprovalStatus;
import io.countersign.approval.DecisionKind;
import io.countersign.approval.EntityType;
import io.countersign.approval.kind.RequestKind;
import io.countersign.approval.kind.RequestKinds;
import io.countersign.audit.AuditRecorded;
import io.countersign.audit.Origin;
import io.countersign.notification.channel.ChannelKind;
import io.countersign.notification.outbox.DeliveryAttempted;
import io.countersign.notification.outbox.DeliveryAttempted.Outcome;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Optional;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;

/**
 * Counts this node's business events after the commit: what is rolled back did not happen. Every series exists from the
 * start, because a rate over a counter that appears with its first event misses that event.
 */
@Component
class BusinessMetrics {

    private static final Duration[] BUCKETS = {
        Duration.ofMinutes(1),
        Duration.ofMinutes(5),
        Duration.ofMinutes(15),
        Duration.ofHours(1),
        Duration.ofHours(4),
        Duration.ofDays(1),
        Duration.ofDays(3),
        Duration.ofDays(7)
    };

    private final MeterRegistry meters;
    private final RequestKinds kinds;

    BusinessMetrics(MeterRegistry meters, RequestKinds kinds) {
        this.meters = meters;
        this.kinds = kinds;
        for (RequestKind kind : kinds.all()) {
            EntityType type = kind.type();
            for (DecisionKind decision : DecisionKind.values()) {
                for (Origin origin : Origin.values()) {
                    decisions(type, decision, origin.wireName(), false);
                }
            }
            timeToDecision(type, ApprovalStatus.APPROVED);
            timeToDecision(type, ApprovalStatus.REJECTED);
            kind.ends().values().forEach(end -> deployments(type, end));
        }
        for (ChannelKind kind : ChannelKind.values()) {
            for (Outcome outcome : Outcome.values()) {
                deliveries(kind, outcome);
            }
        }
    }

    @TransactionalEventListener(fallbackExecution = true)
    void decided(ApprovalEvent.StageDecided event) {
        EntityType type = event.request().entityType();
        decisions(
                        type,
                        event.decision().kind(),
                        event.decision().origin(),
                        event.decision().override())
                .increment();
        if (event.outcome() != ApprovalStatus.PENDING) {
            timeToDecision(type, event.outcome())
                    .record(Duration.between(
                            event.request().submittedAt(), event.decision().decidedAt()));
        }
    }

    @TransactionalEventListener(fallbackExecution = true)
    void recorded(AuditRecorded event) {
        kinds.find(event.entityType())
                .ifPresent(kind -> Optional.ofNullable(kind.ends().get(event.action()))
                        .ifPresent(end -> deployments(kind.type(), end).increment()));
    }

    @TransactionalEventListener(fallbackExecution = true)
    void delivered(DeliveryAttempted event) {
        if (event.outcome() != Outcome.FAILED) {
            deliveries(event.kind(), event.outcome()).increment();
        }
    }

    /** A refused delivery rolls its transaction back, but still happened. */
    @EventListener
    void refused(DeliveryAttempted event) {
        if (event.outcome() == Outcome.FAILED) {
            deliveries(event.kind(), event.outcome()).increment();
        }
    }

    private Counter decisions(EntityType type, DecisionKind kind, String origin, boolean override) {
        return Counter.builder(Metrics.DECISIONS)
                .description("Decisions taken")
                .tag("entity_type", type.wireName())
                .tag("decision", kind.wireName())
                .tag("origin", origin)
                .tag("override", Boolean.toString(override))
                .register(meters);
    }

    private Timer timeToDecision(EntityType type, ApprovalStatus outcome) {
        return Timer.builder(Metrics.TIME_TO_DECISION)
                .description("From submission to the decision that closed the request")
                .tag("entity_type", type.wireName())
                .tag("outcome", outcome.wireName())
                .serviceLevelObjectives(BUCKETS)
                .register(meters);
    }

    private Counter deployments(EntityType type, RequestKind.End end) {
        return Counter.builder(Metrics.DEPLOYMENTS)
                .description("Approved changes carried out, or given up after the last try")
                .tag("entity_type", type.wireName())
                .tag("outcome", end.wireName())
                .register(meters);
    }

    private Counter deliveries(ChannelKind kind, Outcome outcome) {
        return Counter.builder(Metrics.DELIVERIES)
                .description("Attempts to deliver a notification")
                .tag("channel", kind == null ? "none" : kind.wireName())
                .tag("outcome", outcome.wireName())
                .register(meters);
    }
}
