package io.countersign.engine.jobs;

import org.camunda.bpm.engine.impl.util.ParseUtil;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** How long a failed job waits before each further attempt ({@code countersign.jobs.retry-waits}). */
@Component
class RetryWaits {

    private final String intervals;

    RetryWaits(@Value("${countersign.jobs.retry-waits}") String intervals) {
        this.intervals = intervals;
    }

    /** @return how often a job is attempted before it becomes an incident */
    int attempts() {
        return ParseUtil.parseRetryIntervals(intervals).getRetries();
    }

    /** @return the waits as the engine reads them */
    String intervals() {
        return intervals;
    }
}
