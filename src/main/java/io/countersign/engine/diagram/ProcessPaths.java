package io.countersign.engine.diagram;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Stores the paths of process instances for as long as their models say ({@code historyTimeToLive}). */
@Component
class ProcessPaths {

    private static final int BATCH = 5000;

    private final JdbcClient jdbc;
    private final Clock clock;

    ProcessPaths(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /**
     * What one instance did in one transaction.
     *
     * @param root the root instance
     * @param instance the instance
     * @param caller the instance that called it; empty if none did, and in all but its first transaction
     * @param definition the id of its process definition
     * @param at when
     * @param elements what {@link PathRecorder} recorded, in order
     */
    record Leg(
            String root,
            String instance,
            Optional<String> caller,
            String definition,
            Instant at,
            List<String> elements) {}

    /** Adds what instances did in the current transaction. */
    void add(Collection<Leg> legs) {
        List<Object> params = new ArrayList<>();
        for (Leg leg : legs) {
            params.add(leg.root());
            params.add(leg.instance());
            params.add(leg.caller().orElse(null));
            params.add(leg.definition());
            params.add(Timestamp.from(leg.at()));
            params.add(leg.elements().toArray(String[]::new));
        }
        jdbc.sql("""
                        insert into process_paths
                        (root_instance_id, process_instance_id, calling_instance_id, process_definition_id, at, elements)
                        values\s""" + String.join(", ", Collections.nCopies(legs.size(), "(?, ?, ?, ?, ?, ?)")))
                .params(params)
                .update();
    }

    /** @return the root instance; empty if nothing is recorded of the instance */
    Optional<String> rootOf(String instance) {
        return jdbc.sql("select root_instance_id from process_paths where process_instance_id = ? limit 1")
                .param(instance)
                .query(String.class)
                .optional();
    }

    /** @return what a root instance and all instances that it called did, in order */
    List<Leg> ofRoot(String root) {
        return jdbc.sql("select * from process_paths where root_instance_id = ? order by id")
                .param(root)
                .query(ProcessPaths::leg)
                .list();
    }

    @Scheduled(cron = "${countersign.retention.schedule}", zone = "UTC")
    void forgetOld() {
        Timestamp now = Timestamp.from(clock.instant());
        int deleted;
        do {
            deleted = jdbc.sql("""
                            delete from process_paths where root_instance_id in (
                                select p.root_instance_id
                                from process_paths p
                                join act_re_procdef d on d.id_ = p.process_definition_id
                                where p.process_instance_id = p.root_instance_id
                                  and p.at < ?::timestamptz - make_interval(days => d.history_ttl_)
                                  and not exists (select from act_ru_execution e where e.id_ = p.root_instance_id)
                                  and not exists (
                                      select from process_paths later
                                      where later.root_instance_id = p.root_instance_id
                                        and later.at >= ?::timestamptz - make_interval(days => d.history_ttl_))
                                limit ?)""").params(now, now, BATCH).update();
        } while (deleted > 0);
    }

    private static Leg leg(ResultSet row, int n) throws SQLException {
        return new Leg(
                row.getString("root_instance_id"),
                row.getString("process_instance_id"),
                Optional.ofNullable(row.getString("calling_instance_id")),
                row.getString("process_definition_id"),
                row.getTimestamp("at").toInstant(),
                List.of((String[]) row.getArray("elements").getArray()));
    }
}
