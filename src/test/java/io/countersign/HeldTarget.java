package io.countersign;

import io.countersign.target.ObjectRef;
import io.countersign.target.Progress;
import io.countersign.target.Target;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Optional;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.stereotype.Component;

/** The application's target, which is not done with anything while a test holds it up. */
public final class HeldTarget implements Target {

    private final Target target;
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

    @Override
    public Progress progress(ObjectRef object) {
        return held ? new Progress.InProgress("the test") : target.progress(object);
    }

    @Override
    public void apply(HasMetadata object) {
        target.apply(object);
    }

    @Override
    public void delete(ObjectRef object) {
        target.delete(object);
    }

    @Override
    public Optional<String> live(ObjectRef object) {
        return target.live(object);
    }

    @Override
    public String rehearse(HasMetadata object) {
        return target.rehearse(object);
    }
}
