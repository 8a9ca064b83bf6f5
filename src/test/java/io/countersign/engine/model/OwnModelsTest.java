package io.countersign.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countersign.ServerTest;
import java.sql.Connection;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.camunda.bpm.engine.RepositoryService;
import org.camunda.bpm.engine.RuntimeService;
import org.camunda.bpm.engine.SuspendedEntityInteractionException;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

class OwnModelsTest extends ServerTest {

    private static final String MODEL = "tenant-notice";

    @Autowired
    private ProcessEngineConfigurationImpl engine;

    @Autowired
    private RepositoryService repository;

    @Autowired
    private RuntimeService runtime;

    @Autowired
    private DataSource database;

    @Autowired
    private JdbcClient jdbc;

    @Autowired
    private TransactionTemplate transaction;

    @Test
    void model_whose_reading_was_broken_off_is_read_again() throws Exception {
        String model = newest();
        try (Connection other = database.getConnection()) {
            other.setAutoCommit(false);
            other.createStatement().execute("lock table act_ru_jobdef in access exclusive mode");
            engine.getDeploymentCache().discardProcessDefinitionCache();
            assertThatThrownBy(() -> readUnlessLocked(model)).hasStackTraceContaining("lock timeout");
            other.rollback();
        }

        assertThat(start()).isNotNull();
    }

    @Test
    void suspended_model_starts_nothing_until_it_is_activated() {
        start();
        repository
                .updateProcessDefinitionSuspensionState()
                .byProcessDefinitionKey(MODEL)
                .suspend();
        try {
            assertThatThrownBy(this::start).isInstanceOf(SuspendedEntityInteractionException.class);
        } finally {
            repository
                    .updateProcessDefinitionSuspensionState()
                    .byProcessDefinitionKey(MODEL)
                    .activate();
        }

        assertThat(start()).isNotNull();
    }

    /** Starts one for a notice that is not there: there is nothing to deliver. */
    private String start() {
        return runtime.startProcessInstanceByKey(
                        MODEL, Map.of("noticeId", UUID.randomUUID().toString()))
                .getId();
    }

    private String newest() {
        return repository
                .createProcessDefinitionQuery()
                .processDefinitionKey(MODEL)
                .latestVersion()
                .singleResult()
                .getId();
    }

    private void readUnlessLocked(String model) {
        transaction.executeWithoutResult(status -> {
            jdbc.sql("set local lock_timeout = '100ms'").update();
            repository.getProcessDefinition(model);
        });
    }
}
