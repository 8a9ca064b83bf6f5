package io.countersign.resilience;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * The first step of a graceful shutdown. Spring Boot already reports "not ready"; load balancers need a moment to
 * notice, so the server keeps serving for that long. Then it accepts no further requests and finishes running ones.
 */
@Component
class Drain implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(Drain.class);

    private final Nodes nodes;
    private final Duration delay;
    private volatile boolean running;
    private volatile boolean underWay;

    Drain(Nodes nodes, ResilienceProperties properties) {
        this.nodes = nodes;
        this.delay = properties.drainDelay();
    }

    /** @return whether the server is about to stop */
    boolean isUnderWay() {
        return underWay;
    }

    /** Before the web server's graceful shutdown, in the first phase. */
    @Override
    public int getPhase() {
        return SmartLifecycle.DEFAULT_PHASE;
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop(Runnable done) {
        underWay = true;
        nodes.drain();
        Thread waiting = new Thread(
                () -> {
                    stop();
                    done.run();
                },
                "drain");
        waiting.start();
    }

    @Override
    public void stop() {
        underWay = true;
        running = false;
        if (delay.isZero()) {
            return;
        }
        log.info("event=draining remaining={}", delay);
        try {
            Thread.sleep(delay.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
