package io.countersign.engine.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.ServerTest;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.camunda.bpm.engine.impl.history.event.HistoryEventTypes;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

class HistoryLevelTest extends ServerTest {

    private static final String NOTED = "select value_ from act_ge_property where name_ = 'historyLevel'";

    @Autowired
    private ProcessEngineConfigurationImpl engine;

    @Autowired
    private JdbcClient jdbc;

    @Test
    void least_that_tasklist_and_cockpit_need_is_the_default() {
        assertThat(engine.getHistoryLevel().getName()).isEqualTo(MinimalHistory.NAME);
        assertThat(engine.getHistoryLevel().isHistoryEventProduced(HistoryEventTypes.TASK_INSTANCE_CREATE, null))
                .isTrue();
        assertThat(engine.getHistoryLevel().isHistoryEventProduced(HistoryEventTypes.ACTIVITY_INSTANCE_START, null))
                .isFalse();
    }

    @Test
    void database_that_had_another_level_takes_the_one_that_is_set() {
        jdbc.sql("update act_ge_property set value_ = '3' where name_ = 'historyLevel'")
                .update();

        engine.getCommandExecutorSchemaOperations().execute(engine.getSchemaOperationsCommand());
        engine.getCommandExecutorSchemaOperations().execute(engine.getHistoryLevelCommand());

        assertThat(jdbc.sql(NOTED).query(String.class).single())
                .isEqualTo(String.valueOf(engine.getHistoryLevel().getId()));
    }
}
