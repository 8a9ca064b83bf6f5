package io.countersign.engine.jobs;

import io.countersign.api.FailedTry;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Jobs that failed and have not succeeded since, keyed by an instance variable that names their subject. */
@Component
public class FailedAttempts {

    private static final String FAILED = """
            from unnest(?, ?) as model (process, variable)
            join act_re_procdef d on d.key_ = model.process
            join act_ru_execution e on e.proc_def_id_ = d.id_ and e.id_ = e.proc_inst_id_
            join act_ru_job j on j.process_instance_id_ = e.id_
            join act_ru_variable v on v.proc_inst_id_ = e.id_ and v.name_ = model.variable
            where j.exception_msg_ is not null and j.retries_ < ?""";

    private final JdbcClient jdbc;
    private final Clock clock;
    private final int attempts;

    FailedAttempts(JdbcClient jdbc, Clock clock, RetryWaits waits) {
        this.jdbc = jdbc;
        this.clock = clock;
        this.attempts = waits.attempts();
    }

    /**
     * @param variables the variable of each process, by the process's key
     * @param values values of these variables
     * @return the failed job for each value; of several, the one with the fewest attempts left
     */
    public Map<String, FailedTry> of(Map<String, String> variables, Collection<String> values) {
        Map<String, FailedTry> failed = new HashMap<>();
        if (!values.isEmpty()) {
            // The one with the fewest attempts left comes last.
            jdbc.sql("select v.text_, j.retries_, j.duedate_, j.exception_msg_ " + FAILED
                            + " and v.text_ = any (?) order by j.retries_ desc")
                    .params(keys(variables), values(variables), attempts, values.toArray(String[]::new))
                    .query((row, n) -> failed.put(row.getString("text_"), read(row)))
                    .list();
        }
        return failed;
    }

    /**
     * @param variables the variable of each process, by the process's key
     * @return whether any job of these processes failed
     */
    public boolean any(Map<String, String> variables) {
        return jdbc.sql("select exists (select " + FAILED + ")")
                .params(keys(variables), values(variables), attempts)
                .query(Boolean.class)
                .single();
    }

    private static String[] keys(Map<String, String> variables) {
        return variables.keySet().toArray(String[]::new);
    }

    private static String[] values(Map<String, String> variables) {
        return variables.values().toArray(String[]::new);
    }

    private FailedTry read(ResultSet row) throws SQLException {
        int left = row.getInt("retries_");
        Optional<Instant> due =
                Optional.ofNullable(row.getTimestamp("duedate_")).map(Timestamp::toInstant);
        // No date means that a person retried it after all attempts had failed.
        return new FailedTry(
                left > 0 && due.isEmpty() ? attempts : attempts - left,
                attempts,
                row.getString("exception_msg_"),
                left > 0 ? due.or(() -> Optional.of(clock.instant())) : Optional.empty());
    }
}
