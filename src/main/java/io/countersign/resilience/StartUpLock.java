package io.countersign.resilience;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Makes the instances on one database start one after another, because the engine creates tables, deploys models and
 * grants rights without coordination. The turn begins with the creation of this bean and ends when the server is ready,
 * or when its process ends for any reason.
 */
@Component
public class StartUpLock implements DisposableBean {

    private static final Logger log = LoggerFactory.getLogger(StartUpLock.class);

    /** Any number that nothing else locks. */
    private static final long LOCK = 0x636f756e74657273L;

    private Connection connection;

    StartUpLock(UnpooledConnections database) throws SQLException {
        connection = database.awaitConnection();
        try (PreparedStatement statement = connection.prepareStatement("select pg_advisory_lock(?)")) {
            statement.setLong(1, LOCK);
            statement.execute();
        }
    }

    @EventListener(ApplicationReadyEvent.class)
    void over() {
        destroy();
    }

    @Override
    public synchronized void destroy() {
        if (connection != null) {
            try {
                connection.close();
            } catch (SQLException e) {
                log.debug("event=start_up_lock_connection_broken reason={}", e.getMessage());
            }
            connection = null;
        }
    }
}
