package io.countersign.engine.tuning;

import org.camunda.bpm.engine.ProcessEngineConfiguration;
import org.camunda.bpm.engine.impl.cfg.AbstractProcessEnginePlugin;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.camunda.bpm.engine.impl.persistence.GenericManagerFactory;
import org.camunda.bpm.engine.impl.persistence.entity.TaskManager;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/** Switches on what makes the engine faster. */
@Component
@Order(100)
class TuningPlugin extends AbstractProcessEnginePlugin {

    @Override
    public void preInit(ProcessEngineConfigurationImpl engine) {
        engine.setHistoryEventProducer(new HistoryOfOwnModels());
        engine.setTaskMetricsEnabled(false);
        // Clean-up looks at when an instance ended. With a removal time on each row instead, the end of every
        // instance would update every history table.
        engine.setHistoryRemovalTimeStrategy(ProcessEngineConfiguration.HISTORY_REMOVAL_TIME_STRATEGY_NONE);
        engine.setHistoryCleanupStrategy("endTimeBased");
    }

    @Override
    public void postInit(ProcessEngineConfigurationImpl engine) {
        engine.getSessionFactories().put(TaskManager.class, new GenericManagerFactory(FlatTasks.class));
    }
}
