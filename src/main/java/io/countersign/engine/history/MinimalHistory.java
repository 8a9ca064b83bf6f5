package io.countersign.engine.history;

import java.util.Set;
import org.camunda.bpm.engine.impl.history.AbstractHistoryLevel;
import org.camunda.bpm.engine.impl.history.event.HistoryEventType;
import org.camunda.bpm.engine.impl.history.event.HistoryEventTypes;

/**
 * The least that Tasklist and Cockpit (community edition) work with: comments need the task that they are on, and the
 * list of instances shows when each started. Nothing updates these rows. A two-stage cluster approval makes 45
 * statements more at level {@code activity}.
 */
class MinimalHistory extends AbstractHistoryLevel {

    /** As named in {@code camunda.bpm.history-level}. */
    static final String NAME = "minimal";

    private static final Set<HistoryEventType> KEPT =
            Set.of(HistoryEventTypes.PROCESS_INSTANCE_START, HistoryEventTypes.TASK_INSTANCE_CREATE);

    /** None of the engine's own; Tasklist takes comments from 1 on. */
    @Override
    public int getId() {
        return 100;
    }

    @Override
    public String getName() {
        return NAME;
    }

    @Override
    public boolean isHistoryEventProduced(HistoryEventType event, Object entity) {
        return KEPT.contains(event);
    }
}
