package io.countersign.api.problem;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionSystemException;

class OutagesTest {

    static Stream<Throwable> outages() {
        TransactionSystemException rollback = new TransactionSystemException("JDBC rollback failed");
        rollback.initApplicationException(
                new IllegalStateException(new SQLException("terminated by administrator", "57P01")));
        return Stream.of(
                new CannotCreateTransactionException("no connection", new SQLTransientConnectionException("timeout")),
                new DataAccessResourceFailureException("gone", new SQLException("I/O error", "08006")),
                new SQLException("starting up", "57P03"),
                new TransactionSystemException("JDBC rollback failed", new SQLException("Connection is closed")),
                rollback);
    }

    static Stream<Throwable> otherTroubles() {
        return Stream.of(
                new IllegalStateException("a bug"),
                new SQLException("duplicate key", "23505"),
                new SQLException("too many connections", "53300"),
                new SQLException("cancelled by statement timeout", "57014"),
                new SQLException("no state, no known text"));
    }

    @ParameterizedTest
    @MethodSource("outages")
    void outage_is_told_from_what_it_causes(Throwable failure) {
        assertThat(Outages.isDatabaseAway(failure)).isTrue();
    }

    @ParameterizedTest
    @MethodSource("otherTroubles")
    void other_trouble_is_no_outage(Throwable failure) {
        assertThat(Outages.isDatabaseAway(failure)).isFalse();
    }
}
