package io.countersign.engine.history;

import java.util.List;
import org.camunda.bpm.engine.SchemaOperationsCommand;
import org.camunda.bpm.engine.impl.cfg.AbstractProcessEnginePlugin;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.camunda.bpm.engine.impl.interceptor.CommandContext;
import org.camunda.bpm.engine.impl.persistence.entity.PropertyEntity;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/** Adds {@link MinimalHistory}, and lets operators change a database's history level at any start. */
@Component
@Order(100)
class HistoryPlugin extends AbstractProcessEnginePlugin {

    /** The property in which the engine stores the database's level. */
    private static final String LEVEL = "historyLevel";

    @Override
    public void preInit(ProcessEngineConfigurationImpl engine) {
        engine.setCustomHistoryLevels(List.of(new MinimalHistory()));
    }

    @Override
    public void postInit(ProcessEngineConfigurationImpl engine) {
        SchemaOperationsCommand schema = engine.getSchemaOperationsCommand();
        engine.setSchemaOperationsCommand(context -> {
            schema.execute(context);
            noteLevel(context, engine);
            return null;
        });
    }

    /** The engine would refuse to start with a level other than the one the database was created with. */
    private static void noteLevel(CommandContext context, ProcessEngineConfigurationImpl engine) {
        PropertyEntity noted = context.getPropertyManager().findPropertyById(LEVEL);
        if (noted != null) {
            noted.setValue(String.valueOf(engine.getHistoryLevel().getId()));
        }
    }
}
