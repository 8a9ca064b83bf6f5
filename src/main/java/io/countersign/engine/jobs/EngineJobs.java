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
 * Sees to it that jobs go on soon when an instance or the database was away, and that a stop interrupts none. The
 * engine alone would wait until a lock runs out; that time is long, so that no slow job is ever run twice.
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
     * Frees the jobs of an instance that is gone. Their revision grows, so that the instance, should it live after all,
     * cannot commit what it still has under way.
     */
    @EventListener
    void nodeGone(NodeGone gone) {
        report(jdbc.sql("""
                        update act_ru_job set lock_owner_ = null, lock_exp_time_ = null, rev_ = rev_ + 1
                        where lock_owner_ = ?""").param(gone.node()).update());
    }

    /**
     * Frees the jobs that this instance had locked when the database went away: none of them can have been finished.
     */
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
