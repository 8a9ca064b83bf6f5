package io.countersign.notification.outbox;

import io.countersign.resilience.DatabaseBack;
import io.countersign.resilience.NodeGone;
import io.countersign.resilience.Nodes;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.EventListener;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Prevents a delivery from being sent twice when the receiver's answer could not be recorded because of an outage or a
 * concurrent transaction. The intention is recorded first, in a separate transaction. If the answer cannot be committed
 * with the delivery, this instance remembers it and records it as soon as the database accepts it; no other instance
 * sends meanwhile. The outcome is unknown only if the instance dies between the answer and the commit; then the
 * delivery is sent again, with the same {@code Message-ID}, because losing it would be worse.
 */
@Component
class SendAttempts {

    private static final Logger log = LoggerFactory.getLogger(SendAttempts.class);

    private final JdbcClient jdbc;
    private final TransactionTemplate ownTransaction;
    private final Nodes nodes;
    private final Clock clock;

    /** Outcomes not yet in the database: when the receiver accepted the delivery; empty if it did not. */
    private final Map<UUID, Optional<Instant>> unrecorded = new ConcurrentHashMap<>();

    SendAttempts(JdbcClient jdbc, PlatformTransactionManager transactions, Nodes nodes, Clock clock) {
        this.jdbc = jdbc;
        this.ownTransaction = new TransactionTemplate(transactions);
        this.ownTransaction.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
        this.nodes = nodes;
        this.clock = clock;
    }

    /** The state of earlier attempts. */
    enum Earlier {
        /** There was none, it was refused, or its instance died and the outcome is unknown. */
        NOT_TAKEN,
        /** The receiver accepted it. */
        TAKEN,
        /** Another instance is sending it, or has not yet recorded the outcome. */
        UNDER_WAY
    }

    private record Row(String nodeId, Instant acceptedAt) {}

    /**
     * Records that this instance starts to send deliveries, unless an earlier attempt forbids it. The caller has locked
     * the deliveries, so no two instances ask concurrently.
     *
     * @return the state of each
     */
    Map<UUID, Earlier> begin(Collection<UUID> deliveries) {
        Map<UUID, Earlier> earlier = new HashMap<>();
        List<UUID> unknown = new ArrayList<>();
        for (UUID delivery : deliveries) {
            if (unrecorded.getOrDefault(delivery, Optional.empty()).isPresent()) {
                earlier.put(delivery, Earlier.TAKEN);
            } else {
                unrecorded.remove(delivery);
                unknown.add(delivery);
            }
        }
        if (!unknown.isEmpty()) {
            try {
                earlier.putAll(ownTransaction.execute(status -> write(unknown)));
            } catch (RuntimeException e) {
                // It may be in the database nevertheless; only the response is lost.
                unknown.forEach(delivery -> unrecorded.put(delivery, Optional.empty()));
                throw e;
            }
        }
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCompletion(int status) {
                if (status != STATUS_COMMITTED) {
                    unknown.stream()
                            .filter(delivery -> earlier.get(delivery) == Earlier.NOT_TAKEN)
                            .forEach(delivery -> unrecorded.putIfAbsent(delivery, Optional.empty()));
                }
            }
        });
        return earlier;
    }

    /**
     * Takes deliveries for this instance, in the current transaction. After the commit they are sent one by one,
     * without a lock, and each is {@link #end ended} or {@link #release released}.
     *
     * @return the state of each; those that another thread or instance has taken are {@link Earlier#UNDER_WAY}
     */
    Map<UUID, Earlier> take(Collection<UUID> deliveries) {
        Map<UUID, Earlier> known = new HashMap<>();
        insert(deliveries).forEach(taken -> known.put(taken, Earlier.NOT_TAKEN));
        deliveries.forEach(delivery -> known.computeIfAbsent(delivery, this::takeOver));
        return known;
    }

    private Earlier takeOver(UUID delivery) {
        Optional<Row> found = find(delivery);
        if (found.isEmpty()) {
            // Another thread has just ended it.
            return Earlier.UNDER_WAY;
        }
        Row earlier = found.get();
        if (earlier.acceptedAt() != null) {
            return Earlier.TAKEN;
        }
        // The outcome of this instance's attempt will be recorded by the next check at the latest.
        if (earlier.nodeId().equals(nodes.self()) || nodes.runs(earlier.nodeId())) {
            return Earlier.UNDER_WAY;
        }
        int taken = jdbc.sql("""
                        update delivery_handovers set node_id = ?, begun_at = ?
                        where delivery_id = ? and node_id = ? and accepted_at is null""")
                .params(nodes.self(), Timestamp.from(clock.instant()), delivery, earlier.nodeId())
                .update();
        if (taken == 0) {
            return Earlier.UNDER_WAY;
        }
        log.warn("event=delivery_repeated delivery={} reason=unknown_outcome", delivery);
        return Earlier.NOT_TAKEN;
    }

    /** Releases deliveries that were {@link #take taken} and not sent, as soon as the database answers. */
    void release(Collection<UUID> deliveries) {
        deliveries.forEach(delivery -> unrecorded.putIfAbsent(delivery, Optional.empty()));
    }

    /** @return why a delivery that another instance is sending cannot be sent */
    static IllegalStateException underWay() {
        return new IllegalStateException("Another instance handed this over and has not yet recorded what came of it");
    }

    /** Records that the receiver accepted it, in the current transaction, or later by this instance. */
    void taken(UUID delivery) {
        Optional<Instant> at = Optional.of(clock.instant());
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCompletion(int status) {
                if (status != STATUS_COMMITTED) {
                    unrecorded.put(delivery, at);
                }
            }
        });
    }

    /**
     * Ends attempts that were {@link #take taken}, after the receiver accepted them. If that cannot be recorded, this
     * instance remembers it and records it later.
     *
     * @param note records it with the deliveries, in the same transaction
     */
    void accepted(Collection<UUID> deliveries, Runnable note) {
        Optional<Instant> at = Optional.of(clock.instant());
        try {
            ownTransaction.executeWithoutResult(status -> {
                note.run();
                end(deliveries);
            });
        } catch (RuntimeException | Error e) {
            deliveries.forEach(delivery -> unrecorded.put(delivery, at));
            throw e;
        }
    }

    /** Ends attempts in the transaction that records their outcome. */
    void end(Collection<UUID> deliveries) {
        jdbc.sql("delete from delivery_handovers where delivery_id = any (?)")
                .param(deliveries.toArray(UUID[]::new))
                .update();
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                deliveries.forEach(unrecorded::remove);
            }
        });
    }

    /** Runs before all other work after an outage, because other instances may check immediately. */
    @EventListener
    @Order(Ordered.HIGHEST_PRECEDENCE)
    void databaseBack(DatabaseBack back) {
        record();
    }

    /** Releases what a removed instance had taken. */
    @EventListener
    void nodeGone(NodeGone gone) {
        free(List.of(gone.node()));
    }

    /** Releases what an instance took after it was removed. */
    @Scheduled(fixedDelayString = "PT5S")
    void freeAbandoned() {
        if (nodes.databaseAnswers()) {
            free(jdbc
                    .sql("select distinct node_id from delivery_handovers where accepted_at is null and node_id <> ?")
                    .param(nodes.self())
                    .query(String.class)
                    .list()
                    .stream()
                    .filter(node -> !nodes.runs(node))
                    .toList());
        }
    }

    private void free(List<String> gone) {
        if (!gone.isEmpty()) {
            jdbc.sql("""
                            delete from delivery_handovers where accepted_at is null and node_id = any (?)
                            returning delivery_id""")
                    .param(gone.toArray(String[]::new))
                    .query(UUID.class)
                    .list()
                    .forEach(delivery ->
                            log.warn("event=delivery_repeated delivery={} reason=unknown_outcome", delivery));
        }
    }

    /** Records outcomes that the database did not accept at first. */
    @Scheduled(fixedDelayString = "PT1S")
    void record() {
        if (!nodes.databaseAnswers()) {
            return;
        }
        unrecorded.forEach((delivery, taken) -> {
            ownTransaction.executeWithoutResult(status -> {
                if (taken.isPresent()) {
                    jdbc.sql("update delivery_handovers set accepted_at = ? where delivery_id = ?")
                            .params(Timestamp.from(taken.get()), delivery)
                            .update();
                } else {
                    jdbc.sql("delete from delivery_handovers where delivery_id = ? and node_id = ?")
                            .params(delivery, nodes.self())
                            .update();
                }
            });
            unrecorded.remove(delivery, taken);
        });
    }

    private Map<UUID, Earlier> write(List<UUID> deliveries) {
        Map<UUID, Earlier> earlier = new HashMap<>();
        insert(deliveries).forEach(begun -> earlier.put(begun, Earlier.NOT_TAKEN));
        deliveries.forEach(delivery -> earlier.computeIfAbsent(delivery, this::writeAgain));
        return earlier;
    }

    /** @return those without a recorded handover */
    private List<UUID> insert(Collection<UUID> deliveries) {
        return jdbc.sql("""
                        insert into delivery_handovers (delivery_id, node_id, begun_at)
                        select id, ?, ? from unnest(?) as begun (id) on conflict do nothing returning delivery_id""")
                .params(nodes.self(), Timestamp.from(clock.instant()), deliveries.toArray(UUID[]::new))
                .query(UUID.class)
                .list();
    }

    private Optional<Row> find(UUID delivery) {
        return jdbc.sql("select node_id, accepted_at from delivery_handovers where delivery_id = ?")
                .param(delivery)
                .query(Row.class)
                .optional();
    }

    private Earlier writeAgain(UUID delivery) {
        Row earlier = find(delivery).orElseThrow();
        if (earlier.acceptedAt() != null) {
            return Earlier.TAKEN;
        }
        if (!earlier.nodeId().equals(nodes.self())) {
            if (nodes.runs(earlier.nodeId())) {
                return Earlier.UNDER_WAY;
            }
            log.warn("event=delivery_repeated delivery={} reason=unknown_outcome", delivery);
        }
        jdbc.sql("update delivery_handovers set node_id = ?, begun_at = ? where delivery_id = ?")
                .params(nodes.self(), Timestamp.from(clock.instant()), delivery)
                .update();
        return Earlier.NOT_TAKEN;
    }
}
