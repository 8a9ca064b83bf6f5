package io.countersign;

import io.countersign.target.Comparison;
import io.countersign.target.ObjectRef;
import io.countersign.target.Progress;
import io.countersign.target.Target;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.stereotype.Component;

/** The application's target, which is not done with anything while a test holds it up. */
public final class HeldTarget implements Target {

    private final Target target;
    private final AtomicInteger writes = new AtomicInteger();
    private final AtomicReference<Stop> stop = new AtomicReference<>();
    private boolean held;

    private HeldTarget(Target target) {
        this.target = target;
    }

    /** Puts a {@link HeldTarget} before the application's own. */
    @Component
    static class Placement implements BeanPostProcessor {

        @Override
        public Object postProcessAfterInitialization(Object bean, String name) {
            return bean instanceof Target target ? new HeldTarget(target) : bean;
        }
    }

    /** Lets the target work on everything without end, or be done with it. */
    public void holdUp(boolean held) {
        this.held = held;
    }

    /** A write in the middle of which the target stands still. */
    public static final class Stop {

        private final String kind;
        private final CountDownLatch reached = new CountDownLatch(1);
        private final CountDownLatch goOn = new CountDownLatch(1);

        private Stop(String kind) {
            this.kind = kind;
        }

        /** Waits until somebody writes. */
        public void awaitReached() {
            await(reached);
        }

        /** Lets it be written. */
        public void goOn() {
            goOn.countDown();
        }

        private void hold(HasMetadata object) {
            if (object.getKind().equals(kind)) {
                reached.countDown();
                await(goOn);
            }
        }

        private static void await(CountDownLatch latch) {
            try {
                if (!latch.await(60, TimeUnit.SECONDS)) {
                    throw new IllegalStateException("Nobody came");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }

    /** Makes whoever applies an object of a kind stand still until the test lets them go on. */
    public Stop stopAt(String kind) {
        Stop next = new Stop(kind);
        stop.set(next);
        return next;
    }

    /** @return how many objects were applied or deleted so far */
    public int writes() {
        return writes.get();
    }

    @Override
    public Progress progress(ObjectRef object) {
        return held ? new Progress.InProgress("the test") : target.progress(object);
    }

    @Override
    public void apply(HasMetadata object, boolean adopt) {
        Optional.ofNullable(stop.get()).ifPresent(now -> now.hold(object));
        target.apply(object, adopt);
        writes.incrementAndGet();
    }

    @Override
    public void delete(ObjectRef object) {
        target.delete(object);
        writes.incrementAndGet();
    }

    @Override
    public Comparison compare(HasMetadata object, boolean adopt) {
        return target.compare(object, adopt);
    }

    @Override
    public Comparison compareRemoval(ObjectRef object) {
        return target.compareRemoval(object);
    }

    @Override
    public Comparison compareClaim(ObjectRef object, boolean adopt) {
        return target.compareClaim(object, adopt);
    }

    @Override
    public Comparison compareNamespace(ObjectRef namespace) {
        return target.compareNamespace(namespace);
    }
}
