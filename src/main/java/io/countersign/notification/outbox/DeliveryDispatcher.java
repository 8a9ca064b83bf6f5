package io.countersign.notification.outbox;

import jakarta.annotation.PreDestroy;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;

/**
 * Makes the first attempt at every delivery, outside the engine, as soon as the transaction that queued it commits.
 * Each delivery is taken by one instance; whatever a killed instance left behind is found by any instance's next sweep.
 */
@Component
class DeliveryDispatcher {

    private static final Logger log = LoggerFactory.getLogger(DeliveryDispatcher.class);

    /** A mail server that does not answer occupies a thread for at most half a minute. */
    private static final int THREADS = 3;

    private static final int SHUTDOWN_SECONDS = 25;

    private final DeliverySender sender;

    /** Deliveries queued within this time are sent together. */
    private static final long GATHERING_MILLIS = 100;

    private final ScheduledThreadPoolExecutor looks =
            new ScheduledThreadPoolExecutor(THREADS, new CustomizableThreadFactory("notifications-"));

    /** Whether a run is scheduled: it will see everything queued before it starts. */
    private final AtomicBoolean due = new AtomicBoolean();

    DeliveryDispatcher(DeliverySender sender) {
        this.sender = sender;
    }

    @TransactionalEventListener
    void queued(Outbox.Queued event) {
        look();
    }

    @Scheduled(fixedDelayString = "PT5S")
    void sweep() {
        look();
    }

    /** Waits until running deliveries are sent and recorded, before the database closes. */
    @PreDestroy
    void stop() throws InterruptedException {
        looks.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        looks.shutdown();
        if (!looks.awaitTermination(SHUTDOWN_SECONDS, TimeUnit.SECONDS)) {
            log.warn("event=deliveries_unfinished reason=no_answer");
        }
    }

    private void look() {
        if (!looks.isShutdown() && due.compareAndSet(false, true)) {
            looks.schedule(this::deliver, GATHERING_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void deliver() {
        due.set(false);
        try {
            while (!looks.isShutdown() && sender.deliverNext()) {
                // Continue with the next ones.
            }
        } catch (RuntimeException e) {
            log.warn("event=deliveries_postponed reason={}", e.getMessage());
        }
    }
}
