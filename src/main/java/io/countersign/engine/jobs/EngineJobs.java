package io.countersign.engine.jobs;

import io.countersign.resilience.DatabaseBack;
import io.countersign.resilience.NodeGone;
import io.countersign.resilience.Nodes;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import org.camunda.bpm.engine.impl.jobexecutor.JobExecutor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Resumes jobs soon after an instance or the database was down, and lets a shutdown interrupt none. The engine alone
 * would wait until a lock expires, which takes long so that no slow job runs twice.
 */
class EngineJobs {

    private static final Logger log = LoggerFactory.getLogger(EngineJobs.class);

    private final JdbcClient jdbc;
    private final JobExecutor executor;
    private final Nodes nodes;

    EngineJobs(JdbcClient jdbc, JobExecutor executor, Nodes nodes) {
        this.jdbc = jdbc;
        this.executor = executor;
        this.nodes = nodes;
    }

    /**
     * Unlocks the jobs of a dead instance. Their revision is incremented, so that the instance cannot commit its
     * unfinished work should it still be alive.
     */
    @EventListener
    void nodeGone(NodeGone gone) {
        report(jdbc.sql("""
                        update act_ru_job set lock_owner_ = null, lock_exp_time_ = null, rev_ = rev_ + 1
                        where lock_owner_ = ?""").param(gone.node()).update());
    }

    /** Unlocks the jobs that this instance had locked when the database went down: none of them can have finished. */
    @EventListener
    void databaseBack(DatabaseBack back) {
        Instant lockedBefore = back.lastAway().plus(Duration.ofMillis(executor.getLockTimeInMillis()));
        report(jdbc.sql("""
                        update act_ru_job set lock_owner_ = null, lock_exp_time_ = null, rev_ = rev_ + 1
                        where lock_owner_ = ? and lock_exp_time_ < ?""").params(nodes.self(), Timestamp.from(lockedBefore)).update());
    }

    private void report(int freed) {
        if (freed > 0) {
            log.info("event=jobs_unlocked count={}", freed);
            executor.jobWasAdded();
        }
    }
}
