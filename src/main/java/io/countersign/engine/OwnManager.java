package io.countersign.engine;

import java.util.function.Supplier;
import org.camunda.bpm.engine.impl.interceptor.Session;
import org.camunda.bpm.engine.impl.interceptor.SessionFactory;

/**
 * Opens one of our managers in place of the engine's own.
 *
 * @param type the engine's
 * @param open makes ours, once for each command
 */
record OwnManager(Class<? extends Session> type, Supplier<? extends Session> open) implements SessionFactory {

    @Override
    public Class<?> getSessionType() {
        return type;
    }

    @Override
    public Session openSession() {
        return open.get();
    }
}
