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
 * Makes the first attempt at every delivery, beside the engine, as soon as what queued it is committed. Of several
 * instances of the server, whichever is first takes one; what an instance left behind when it was killed is found by
 * the next sweep of any.
 */
@Component
class DeliveryDispatcher {

    private static final Logger log = LoggerFactory.getLogger(DeliveryDispatcher.class);

    /** A mail server that does not answer keeps a thread busy for half a minute at most. */
    private static final int THREADS = 3;

    private static final int SHUTDOWN_SECONDS = 25;

    private final DeliverySender sender;

    /** What one request queues, and others at the same time, goes out together. */
    private static final long GATHERING_MILLIS = 100;

    private final ScheduledThreadPoolExecutor looks =
            new ScheduledThreadPoolExecutor(THREADS, new CustomizableThreadFactory("notifications-"));

    /** Whether a look waits to begin: it will see whatever is queued until then. */
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

    /** Lets whatever is being sent be sent, and noted, before the database is closed. */
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
                // The next ones.
            }
        } catch (RuntimeException e) {
            log.warn("event=deliveries_postponed reason={}", e.getMessage());
        }
    }
}
