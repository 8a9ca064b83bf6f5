package io.countersign.engine.history;

import java.util.Set;
import org.camunda.bpm.engine.impl.history.AbstractHistoryLevel;
import org.camunda.bpm.engine.impl.history.event.HistoryEventType;
import org.camunda.bpm.engine.impl.history.event.HistoryEventTypes;

/**
 * The minimum that Tasklist and Cockpit (community edition) need: comments need their task, and the list of instances
 * shows start times. These rows are never updated. At level {@code activity}, a two-stage cluster approval takes 45
 * more statements.
 */
class MinimalHistory extends AbstractHistoryLevel {

    /** As named in {@code camunda.bpm.history-level}. */
    static final String NAME = "minimal";

    private static final Set<HistoryEventType> KEPT =
            Set.of(HistoryEventTypes.PROCESS_INSTANCE_START, HistoryEventTypes.TASK_INSTANCE_CREATE);

    /** Not one of the engine's own levels; Tasklist accepts comments from 1 on. */
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
