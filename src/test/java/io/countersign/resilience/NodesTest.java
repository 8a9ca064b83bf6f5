package io.countersign.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.countersign.Client;
import io.countersign.ServerTest;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

class NodesTest extends ServerTest {

    @Autowired
    private Nodes nodes;

    @Autowired
    private JdbcClient jdbc;

    @Autowired
    private TransactionTemplate transactions;

    @Test
    void running_instance_is_known_to_run() {
        assertThat(nodes.runs(nodes.self())).isTrue();
        assertThat(nodes.runs("nobody")).isFalse();
        assertThat(nodes.databaseAnswers()).isTrue();
    }

    @Test
    void instance_that_fell_silent_is_struck_off() {
        String silent = given.unique("node");
        jdbc.sql("insert into nodes (id, host, seen_at) values (?, 'test', now() - interval '1 hour')")
                .param(silent)
                .update();

        await().atMost(Duration.ofSeconds(30)).until(() -> !nodes.runs(silent));
        assertThat(nodes.runs(nodes.self())).isTrue();
    }

    @Test
    void running_instance_is_listed_as_running_and_as_the_one_that_was_asked() {
        assertThat(nodes.all()).filteredOn(Node::self).singleElement().satisfies(self -> {
            assertThat(self.id()).isEqualTo(nodes.self());
            assertThat(self.state()).isEqualTo(Node.State.RUNNING);
            assertThat(self.struckOffAt()).isAfter(self.seenAt());
        });
    }

    @Test
    void readiness_asks_for_the_database_and_liveness_does_not() {
        Client.Answer readiness = anonymous().get("/actuator/health/readiness").expect(200);
        Client.Answer liveness = anonymous().get("/actuator/health/liveness").expect(200);

        assertThat(readiness.at("/status")).isEqualTo("UP");
        assertThat(liveness.at("/status")).isEqualTo("UP");
    }

    @Test
    void database_ends_statements_that_take_too_long() {
        assertThat(jdbc.sql("show statement_timeout").query(String.class).single())
                .isEqualTo("30s");

        assertThatThrownBy(() -> transactions.executeWithoutResult(status -> {
                    jdbc.sql("set local statement_timeout = '50ms'").update();
                    jdbc.sql("select 1 from pg_sleep(5)").query(Integer.class).single();
                }))
                .isInstanceOf(QueryTimeoutException.class);
    }
}
