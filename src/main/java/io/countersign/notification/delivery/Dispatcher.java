package io.countersign.notification.delivery;

import jakarta.annotation.PreDestroy;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
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
class Dispatcher {

    private static final Logger log = LoggerFactory.getLogger(Dispatcher.class);

    /** A mail server that does not answer keeps a thread busy for half a minute at most. */
    private static final int THREADS = 3;

    private static final int SHUTDOWN_SECONDS = 25;

    private final Courier courier;

    /** Looks that are already waiting see whatever is queued until they begin: more of them would find nothing. */
    private final ThreadPoolExecutor looks = new ThreadPoolExecutor(
            THREADS,
            THREADS,
            1,
            TimeUnit.MINUTES,
            new LinkedBlockingQueue<>(THREADS),
            new CustomizableThreadFactory("notifications-"),
            new ThreadPoolExecutor.DiscardPolicy());

    Dispatcher(Courier courier) {
        this.courier = courier;
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
        looks.getQueue().clear();
        looks.shutdown();
        if (!looks.awaitTermination(SHUTDOWN_SECONDS, TimeUnit.SECONDS)) {
            log.warn("Notifications are still being sent: their mail server or webhook does not answer");
        }
    }

    private void look() {
        looks.execute(() -> {
            try {
                while (!looks.isShutdown() && courier.deliverNext()) {
                    // The next one.
                }
            } catch (RuntimeException e) {
                log.warn("Notifications wait: {}", e.getMessage());
            }
        });
    }
}
