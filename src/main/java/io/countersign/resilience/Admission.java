package io.countersign.resilience;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.stereotype.Component;

/**
 * How many requests are worked on at once. More would only wait for each other, and for connections that jobs need too;
 * a few may wait for their turn, and all others hear at once that they should come back later.
 */
@Component
class Admission {

    private final Semaphore places;
    private final AtomicInteger waiting = new AtomicInteger();
    private final int maxWaiting;
    private final long patienceMillis;

    Admission(ResilienceProperties properties) {
        this.places = new Semaphore(properties.maxConcurrentRequests(), true);
        this.maxWaiting = properties.maxWaitingRequests();
        this.patienceMillis = properties.patience().toMillis();
    }

    /** @return whether the caller may go on; then it must {@link #leave} */
    boolean enter() {
        if (places.tryAcquire()) {
            return true;
        }
        if (waiting.incrementAndGet() > maxWaiting) {
            waiting.decrementAndGet();
            return false;
        }
        try {
            return places.tryAcquire(patienceMillis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            waiting.decrementAndGet();
        }
    }

    void leave() {
        places.release();
    }
}
