package io.countersign.operations;

import io.countersign.engine.jobs.JobRows;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Remembers the trace and request that an engine job continues, in the transaction that creates the job. */
@Component
public class JobCauses {

    private static final int BATCH = 1000;

    private final JdbcClient jdbc;
    private final JobRows jobs;

    JobCauses(JdbcClient jdbc, JobRows jobs) {
        this.jdbc = jdbc;
        this.jobs = jobs;
    }

    /**
     * What caused a job.
     *
     * @param requestId the request, if one caused it
     * @param traceparent the span in W3C Trace Context format
     */
    public record Cause(Optional<String> requestId, String traceparent) {

        /** @return the headers that a propagator reads */
        public Map<String, String> headers() {
            return Map.of("traceparent", traceparent);
        }
    }

    /** Records the cause of new jobs. */
    public void note(List<String> jobs, Cause cause) {
        jdbc.sql("""
                        insert into job_causes (job_id, request_id, traceparent)
                        select unnest(?), ?, ? on conflict do nothing""")
                .params(jobs.toArray(String[]::new), cause.requestId().orElse(null), cause.traceparent())
                .update();
    }

    /** @return what caused a job, if recorded */
    public Optional<Cause> of(String job) {
        return jdbc.sql("select request_id, traceparent from job_causes where job_id = ?")
                .param(job)
                .query((row, n) ->
                        new Cause(Optional.ofNullable(row.getString("request_id")), row.getString("traceparent")))
                .optional();
    }

    @Scheduled(fixedDelayString = "PT1H")
    void forgetFinishedJobs() {
        String last = "";
        List<String> noted;
        do {
            noted = jdbc.sql("select job_id from job_causes where job_id > ? order by job_id limit ?")
                    .params(last, BATCH)
                    .query(String.class)
                    .list();
            if (!noted.isEmpty()) {
                Set<String> waiting = jobs.existing(noted);
                jdbc.sql("delete from job_causes where job_id = any (?)")
                        .param(noted.stream()
                                .filter(job -> !waiting.contains(job))
                                .toArray(String[]::new))
                        .update();
                last = noted.get(noted.size() - 1);
            }
        } while (noted.size() == BATCH);
    }
}
