package io.countersign.engine.tuning;

import org.camunda.bpm.engine.impl.cfg.AbstractProcessEnginePlugin;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.camunda.bpm.engine.impl.persistence.GenericManagerFactory;
import org.camunda.bpm.engine.impl.persistence.entity.TaskManager;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/** Enables the engine's performance tuning. */
@Component
@Order(100)
class TuningPlugin extends AbstractProcessEnginePlugin {

    @Override
    public void preInit(ProcessEngineConfigurationImpl engine) {
        engine.setTaskMetricsEnabled(false);
    }

    @Override
    public void postInit(ProcessEngineConfigurationImpl engine) {
        engine.getSessionFactories().put(TaskManager.class, new GenericManagerFactory(FlatTasks.class));
    }
}
