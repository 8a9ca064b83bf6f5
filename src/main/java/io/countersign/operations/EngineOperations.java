package io.countersign.operations;

import io.countersign.api.paging.Page;
import io.countersign.api.paging.PageRequest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The engine, as far as operators need it. */
public interface EngineOperations {

    /**
     * An engine job that gave up.
     *
     * @param id the incident
     * @param jobId the job
     * @param process the process's key, such as {@code carry-out}
     * @param processInstanceId the instance
     * @param businessKey the instance's name for people; null if it has none
     * @param activity the failed activity's name
     * @param reason the last failure's message
     * @param at when it gave up
     * @param subjects the ids that the instance holds, such as {@code routeId}
     */
    record FailedJob(
            String id,
            String jobId,
            String process,
            String processInstanceId,
            String businessKey,
            String activity,
            String reason,
            Instant at,
            Map<String, String> subjects) {}

    /** @return the keys of all processes */
    List<String> processKeys();

    /** @return how many incidents each process has; none without */
    Map<String, Long> openIncidents();

    /** @return how many jobs could run and do not yet */
    long jobsDue();

    /** @return how many jobs each instance has locked to run them now; none without */
    Map<String, Long> lockedJobs();

    /**
     * @param process only of this process
     * @return jobs that gave up, newest first
     */
    Page<FailedJob> failedJobs(Optional<String> process, PageRequest page);

    /** @return the job that an incident is about; empty if it is no longer open */
    Optional<FailedJob> failedJob(String incidentId);

    /** Retries a job immediately, exactly one attempt. */
    void retry(FailedJob job);
}
