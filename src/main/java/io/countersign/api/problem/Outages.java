package io.countersign.api.problem;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;
import org.springframework.transaction.TransactionSystemException;

/** Distinguishes an unavailable database from other failures. */
public final class Outages {

    /** The message for programs during an outage. */
    public static final String EXPLANATION =
            "The database is unavailable. If this request was to change something, check whether it did, or repeat it with the"
                    + " same Idempotency-Key.";

    /** The server shuts down, crashed, starts up or dropped the connection (PostgreSQL, "Error Codes", class 57). */
    private static final Set<String> SERVER_GOES = Set.of("57P01", "57P02", "57P03");

    /** HikariCP's message for a connection that broke earlier in the transaction; it has no SQL state. */
    private static final String POOL_DROPPED_IT = "Connection is closed";

    private Outages() {}

    /** @return whether something failed because the database could not be reached or dropped the connection */
    public static boolean isDatabaseAway(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLTransientConnectionException
                    || cause instanceof SQLException sql && isDatabaseAway(sql)
                    // Rolling back over a broken connection fails, too, and hides what came first.
                    || cause instanceof TransactionSystemException rollback
                            && isDatabaseAway(rollback.getApplicationException())) {
                return true;
            }
        }
        return false;
    }

    private static boolean isDatabaseAway(SQLException failure) {
        String state = failure.getSQLState();
        return state == null
                ? POOL_DROPPED_IT.equals(failure.getMessage())
                // Class 08: connection exceptions. The driver has its own 08 codes for sockets that broke.
                : state.startsWith("08") || SERVER_GOES.contains(state);
    }
}
