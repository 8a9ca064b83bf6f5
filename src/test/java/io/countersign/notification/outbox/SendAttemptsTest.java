package io.countersign.notification.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countersign.ServerTest;
import io.countersign.resilience.Nodes;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.support.DefaultTransactionStatus;

/** What becomes of a handover whose beginning the database did not confirm. */
class SendAttemptsTest extends ServerTest {

    /** Commits, or does not even begin, and says in both cases that the database went away. */
    private static final class BrokenTransactions extends JdbcTransactionManager {

        private boolean commits = true;
        private boolean broken = true;

        BrokenTransactions(DataSource database) {
            super(database);
        }

        @Override
        protected void doCommit(DefaultTransactionStatus status) {
            if (commits) {
                super.doCommit(status);
            } else {
                super.doRollback(status);
            }
            if (broken) {
                throw new TransactionSystemException("The connection broke");
            }
        }
    }

    @Autowired
    private DataSource database;

    @Autowired
    private JdbcClient jdbc;

    @Autowired
    private Nodes nodes;

    private final UUID delivery = UUID.randomUUID();
    private BrokenTransactions transactions;
    private SendAttempts attempts;

    @BeforeEach
    void breakConnections() {
        transactions = new BrokenTransactions(database);
        attempts = new SendAttempts(jdbc, transactions, nodes, Clock.systemUTC());
    }

    @Test
    void beginning_that_the_database_has_although_it_did_not_answer_is_taken_back() {
        assertThatThrownBy(() -> attempts.begin(List.of(delivery))).isInstanceOf(TransactionSystemException.class);
        assertThat(handoversOf(nodes.self())).isEqualTo(1);

        transactions.broken = false;
        attempts.record();

        assertThat(handoversOf(nodes.self())).isZero();
    }

    @Test
    void another_instance_that_began_meanwhile_is_left_alone() {
        transactions.commits = false;
        assertThatThrownBy(() -> attempts.begin(List.of(delivery))).isInstanceOf(TransactionSystemException.class);
        jdbc.sql("insert into nodes (id, host, seen_at) values ('another', 'test', now() + interval '1 hour')")
                .update();
        jdbc.sql("insert into delivery_handovers (delivery_id, node_id, begun_at) values (?, 'another', now())")
                .param(delivery)
                .update();

        transactions.broken = false;
        transactions.commits = true;
        attempts.record();

        assertThat(handoversOf("another")).isEqualTo(1);
        jdbc.sql("delete from nodes where id = 'another'").update();
    }

    private int handoversOf(String node) {
        return jdbc.sql("select count(*) from delivery_handovers where delivery_id = ? and node_id = ?")
                .params(delivery, node)
                .query(Integer.class)
                .single();
    }
}
