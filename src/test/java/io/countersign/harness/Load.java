package io.countersign.harness;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** People and an orchestrator at work, each at one thing after the other, while the orchestrator polls. */
final class Load {

    private static final Duration PAUSE = Duration.ofMillis(700);

    private final List<Work> works;
    private final SyncWatch watch;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Future<?>> workers = new ArrayList<>();
    private volatile boolean running = true;

    Load(Caller caller, Ledger ledger, SyncWatch watch) {
        this.works = List.of(
                new ClusterWork(caller, ledger, new Random(0)),
                new RouteWork(caller, ledger, new Random(1)),
                new RouteWork(caller, ledger, new Random(2)),
                new TenantWork(caller, ledger, new Random(3)));
        this.watch = watch;
    }

    Load start() {
        works.forEach(work -> every(PAUSE, work::once));
        every(SyncWatch.PAUSE, watch::look);
        return this;
    }

    /** Lets everybody finish what they are at; fails if anybody met something that should not be. */
    void stop() throws Exception {
        running = false;
        for (Future<?> worker : workers) {
            worker.get();
        }
        threads.shutdown();
    }

    private void every(Duration pause, Runnable action) {
        workers.add(threads.submit(() -> {
            while (running) {
                action.run();
                Thread.sleep(pause.toMillis());
            }
            return null;
        }));
    }
}
