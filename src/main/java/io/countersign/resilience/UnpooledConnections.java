package io.countersign.resilience;

import com.zaxxer.hikari.HikariDataSource;
import io.countersign.api.problem.Outages;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import javax.sql.DataSource;
import org.springframework.boot.jdbc.DataSourceUnwrapper;
import org.springframework.stereotype.Component;

/** Connections to the same database outside the pool, for monitoring that must not depend on the pool. */
@Component
class UnpooledConnections {

    private static final int START_UP_ATTEMPTS = 60;
    private static final Duration START_UP_PAUSE = Duration.ofSeconds(1);

    private final String url;
    private final Properties settings = new Properties();

    UnpooledConnections(DataSource dataSource) {
        HikariDataSource pool = DataSourceUnwrapper.unwrap(dataSource, HikariDataSource.class);
        if (pool == null) {
            throw new IllegalStateException("The connection pool is not Hikari: " + dataSource.getClass());
        }
        url = pool.getJdbcUrl();
        settings.putAll(pool.getDataSourceProperties());
        // The pool's limit for statements; who waits for the start-up turn waits for others.
        settings.remove("options");
        if (pool.getUsername() != null) {
            settings.setProperty("user", pool.getUsername());
        }
        if (pool.getPassword() != null) {
            settings.setProperty("password", pool.getPassword());
        }
    }

    /**
     * Connects when the server starts: a database that is not there yet is waited for.
     *
     * @return a new connection that waits for every answer as long as it takes, for the caller to close
     */
    Connection awaitConnection() throws SQLException {
        for (int attempt = 1; ; attempt++) {
            try {
                return connect(Duration.ZERO);
            } catch (SQLException e) {
                if (attempt == START_UP_ATTEMPTS || !Outages.isDatabaseAway(e)) {
                    throw e;
                }
            }
            try {
                Thread.sleep(START_UP_PAUSE.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new SQLException("Interrupted while waiting for the database", e);
            }
        }
    }

    /**
     * @param patience the timeout of each answer; zero for none
     * @return a new connection, for the caller to close
     */
    Connection connect(Duration patience) throws SQLException {
        Properties properties = new Properties();
        properties.putAll(settings);
        String seconds = Long.toString(patience.toSeconds());
        properties.setProperty("connectTimeout", patience.isZero() ? "10" : seconds);
        properties.setProperty("loginTimeout", patience.isZero() ? "10" : seconds);
        properties.setProperty("socketTimeout", seconds);
        properties.setProperty("tcpKeepAlive", "true");
        return DriverManager.getConnection(url, properties);
    }
}
