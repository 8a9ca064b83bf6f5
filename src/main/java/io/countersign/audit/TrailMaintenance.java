package io.countersign.audit;

import io.countersign.chain.Anchor;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Seals about once a second and anchors the newest hash regularly, and does both once more on shutdown. Uses a separate
 * thread, so that it neither waits for other jobs nor delays them.
 */
@Component
class TrailMaintenance implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(TrailMaintenance.class);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Sealer sealer;
    private final List<AnchorKeeper> keepers;
    private final Clock clock;
    private final Duration sealInterval;
    private final Duration anchorInterval;
    private ScheduledExecutorService thread;
    private long anchored;
    private boolean failing;

    TrailMaintenance(
            Sealer sealer,
            List<AnchorKeeper> keepers,
            Clock clock,
            @Value("${countersign.audit.seal-interval}") Duration sealInterval,
            @Value("${countersign.audit.anchor.interval}") Duration anchorInterval) {
        this.sealer = sealer;
        this.keepers = keepers;
        this.clock = clock;
        this.sealInterval = sealInterval;
        this.anchorInterval = anchorInterval;
    }

    @Override
    public synchronized void start() {
        thread = Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "audit-trail"));
        thread.scheduleWithFixedDelay(this::seal, 0, sealInterval.toMillis(), TimeUnit.MILLISECONDS);
        thread.scheduleWithFixedDelay(
                this::anchor, anchorInterval.toMillis(), anchorInterval.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Stops after the web server, which has a later phase, and before the database. */
    @Override
    public synchronized void stop() {
        ScheduledExecutorService stopping = thread;
        thread = null;
        stopping.execute(() -> {
            seal();
            anchor();
        });
        stopping.shutdown();
        try {
            if (!stopping.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                stopping.shutdownNow();
                log.warn("event=trail_not_sealed reason=server_stopped");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return thread != null;
    }

    @Override
    public int getPhase() {
        return 0;
    }

    private void seal() {
        try {
            sealer.sealUnlessBusy();
            if (failing) {
                log.info("event=trail_sealed_again");
            }
            failing = false;
        } catch (RuntimeException e) {
            // Entries wait for the next attempt; one line is logged, however long the outage lasts.
            if (!failing) {
                log.warn("event=trail_not_sealed reason={}", e.getMessage());
            }
            failing = true;
        }
    }

    /** Records the newest hash unless it is already recorded. */
    private void anchor() {
        try {
            sealer.head().filter(head -> head.sequence() != anchored).ifPresent(head -> {
                Anchor anchor = new Anchor(head.sequence(), head.hash());
                boolean kept = true;
                for (AnchorKeeper keeper : keepers) {
                    kept &= keep(keeper, anchor);
                }
                if (kept) {
                    anchored = head.sequence();
                }
            });
        } catch (RuntimeException e) {
            log.warn("event=trail_not_anchored reason={}", e.getMessage());
        }
    }

    private boolean keep(AnchorKeeper keeper, Anchor anchor) {
        try {
            keeper.keep(anchor, clock.instant());
            return true;
        } catch (RuntimeException e) {
            log.warn("event=anchor_not_kept {} reason={}", anchor, e.getMessage());
            return false;
        }
    }
}
