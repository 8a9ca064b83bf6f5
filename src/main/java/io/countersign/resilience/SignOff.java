package io.countersign.resilience;

import org.springframework.boot.web.context.WebServerGracefulShutdownLifecycle;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** The last step of a graceful shutdown, after requests and jobs: other instances can take over immediately. */
@Component
class SignOff implements SmartLifecycle {

    /** After the web server and the jobs, in the order in which Spring stops: from high to low. */
    static final int PHASE = WebServerGracefulShutdownLifecycle.SMART_LIFECYCLE_PHASE - 8192;

    private final Nodes nodes;
    private volatile boolean running;

    SignOff(Nodes nodes) {
        this.nodes = nodes;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        nodes.leave();
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
