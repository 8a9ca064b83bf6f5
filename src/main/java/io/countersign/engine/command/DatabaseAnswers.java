package io.countersign.engine.command;

import jakarta.ws.rs.core.Response.Status;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.camunda.bpm.engine.impl.interceptor.Command;
import org.camunda.bpm.engine.impl.interceptor.CommandInterceptor;
import org.camunda.bpm.engine.rest.exception.RestException;

/**
 * Maps what the database refused because of the request to an HTTP status: 503 for a statement that took too long, 400
 * for a text or time that it cannot store. The engine would answer 500. Runs outside the transaction, which writes at
 * its end.
 */
class DatabaseAnswers extends CommandInterceptor {

    /** "query_canceled" (PostgreSQL, "Error Codes"), by the statement timeout. */
    private static final String CANCELED = "57014";

    /** A malformed or out-of-range time, NUL in a text (PostgreSQL, "Error Codes", class 22). */
    private static final Set<String> UNKNOWN_VALUE = Set.of("22007", "22008", "22021");

    private final ProcessEngineConfigurationImpl engine;

    DatabaseAnswers(ProcessEngineConfigurationImpl engine) {
        this.engine = engine;
    }

    @Override
    public <T> T execute(Command<T> command) {
        try {
            return next.execute(command);
        } catch (RuntimeException e) {
            boolean overHttp = engine.getIdentityService().getCurrentAuthentication() != null;
            throw overHttp ? answer(e).orElse(e) : e;
        }
    }

    private static Optional<RuntimeException> answer(RuntimeException failure) {
        return Stream.<Throwable>iterate(failure, cause -> cause != null, Throwable::getCause)
                .filter(SQLException.class::isInstance)
                .map(cause -> ((SQLException) cause).getSQLState())
                .flatMap(state -> Stream.ofNullable(answer(failure, state)))
                .findFirst();
    }

    private static RuntimeException answer(RuntimeException failure, String sqlState) {
        if (CANCELED.equals(sqlState)) {
            return new RestException(
                    Status.SERVICE_UNAVAILABLE,
                    failure,
                    "The database took too long. Nothing was changed. (took_too_long)");
        }
        return sqlState != null && UNKNOWN_VALUE.contains(sqlState)
                ? new RestException(
                        Status.BAD_REQUEST,
                        failure,
                        "A text or a time is of a form that the database does not know. (invalid_input)")
                : null;
    }
}
