package io.countersign.engine.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countersign.ServerTest;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.camunda.bpm.engine.impl.interceptor.Command;
import org.camunda.bpm.engine.rest.exception.RestException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What the database refuses is no failure of the engine to those who call it over HTTP. */
class DatabaseAnswersTest extends ServerTest {

    @Autowired
    private ProcessEngineConfigurationImpl engine;

    @Autowired
    private JdbcClient jdbc;

    @AfterEach
    void nobodyCalls() {
        engine.getIdentityService().clearAuthentication();
    }

    @Test
    void statement_that_took_too_long_is_answered_503() {
        engine.getIdentityService().setAuthenticatedUserId("person");

        assertThatThrownBy(() -> engine.getCommandExecutorTxRequired().execute(tooLong()))
                .isInstanceOfSatisfying(
                        RestException.class,
                        answer -> assertThat(answer.getStatus().getStatusCode()).isEqualTo(503))
                .hasMessageContaining("took_too_long");
    }

    @Test
    void jobs_see_the_failure_itself() {
        assertThatThrownBy(() -> engine.getCommandExecutorTxRequired().execute(tooLong()))
                .isInstanceOf(QueryTimeoutException.class);
    }

    private Command<Integer> tooLong() {
        return context -> {
            jdbc.sql("set local statement_timeout = '50ms'").update();
            return jdbc.sql("select 1 from pg_sleep(5)").query(Integer.class).single();
        };
    }
}
