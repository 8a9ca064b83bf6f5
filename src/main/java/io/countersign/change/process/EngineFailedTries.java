package io.countersign.change.process;

import io.countersign.api.FailedTry;
import io.countersign.change.FailedTries;
import io.countersign.change.TriedProcess;
import io.countersign.engine.jobs.RetryWaits;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Reads failed tries from the engine's jobs. */
@Component
class EngineFailedTries implements FailedTries {

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
    private final String[] processes;
    private final String[] variables;

    EngineFailedTries(JdbcClient jdbc, Clock clock, List<TriedProcess> tried, RetryWaits waits) {
        this.jdbc = jdbc;
        this.clock = clock;
        this.attempts = waits.attempts();
        this.processes = tried.stream().map(TriedProcess::process).toArray(String[]::new);
        this.variables = tried.stream().map(TriedProcess::variable).toArray(String[]::new);
    }

    @Override
    public Map<UUID, FailedTry> of(Collection<UUID> subjects) {
        Map<UUID, FailedTry> failed = new HashMap<>();
        if (subjects.isEmpty()) {
            return failed;
        }
        // Of several failed jobs the one with the fewest tries left, which comes last.
        jdbc.sql("select v.text_, j.retries_, j.duedate_, j.exception_msg_ " + FAILED
                        + " and v.text_ = any (?) order by j.retries_ desc")
                .params(
                        processes,
                        variables,
                        attempts,
                        subjects.stream().map(UUID::toString).toArray(String[]::new))
                .query((row, n) -> failed.put(UUID.fromString(row.getString("text_")), read(row)))
                .list();
        return failed;
    }

    @Override
    public boolean any() {
        return jdbc.sql("select exists (select " + FAILED + ")")
                .params(processes, variables, attempts)
                .query(Boolean.class)
                .single();
    }

    private FailedTry read(ResultSet row) throws SQLException {
        int left = row.getInt("retries_");
        Optional<Instant> due =
                Optional.ofNullable(row.getTimestamp("duedate_")).map(Timestamp::toInstant);
        // Without a date it is a person's retry, after all tries had failed.
        return new FailedTry(
                left > 0 && due.isEmpty() ? attempts : attempts - left,
                attempts,
                row.getString("exception_msg_"),
                left > 0 ? due.or(() -> Optional.of(clock.instant())) : Optional.empty());
    }
}
