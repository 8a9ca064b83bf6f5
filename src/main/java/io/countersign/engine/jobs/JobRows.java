package io.countersign.engine.jobs;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Bulk queries about the engine's jobs for other modules. */
@Component
public class JobRows {

    private final JdbcClient jdbc;

    JobRows(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * The state of a job.
     *
     * @param gaveUp whether it is an incident; otherwise it is retried automatically
     * @param failure the failure of its last attempt; null if none failed
     */
    public record State(boolean gaveUp, String failure) {}

    /** @return the jobs of those process instances that have one, by instance */
    public Map<String, State> ofInstances(Collection<String> instances) {
        Map<String, State> jobs = new HashMap<>();
        if (!instances.isEmpty()) {
            jdbc.sql("""
                            select process_instance_id_, retries_, exception_msg_ from act_ru_job
                            where process_instance_id_ = any (?)""").param(instances.toArray(String[]::new)).query(row -> {
                jobs.put(
                        row.getString("process_instance_id_"),
                        new State(row.getInt("retries_") == 0, row.getString("exception_msg_")));
            });
        }
        return jobs;
    }

    /** @return those jobs that are still open */
    public Set<String> existing(Collection<String> jobs) {
        return jdbc.sql("select id_ from act_ru_job where id_ = any (?)")
                .param(jobs.toArray(String[]::new))
                .query(String.class)
                .set();
    }
}
