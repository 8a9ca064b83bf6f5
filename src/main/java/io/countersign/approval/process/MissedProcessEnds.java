package io.countersign.approval.process;

import io.countersign.approval.ApprovalId;
import io.countersign.approval.waiting.EndedProcesses;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Finds pending requests whose process ended without {@link ProcessEndListener} noticing, because an instance of an
 * earlier version without it may run beside this one during an update. Runs once, at start-up.
 */
@Component
class MissedProcessEnds {

    private static final Logger log = LoggerFactory.getLogger(MissedProcessEnds.class);

    private final JdbcClient jdbc;
    private final EndedProcesses processes;
    private final TransactionTemplate transaction;

    MissedProcessEnds(JdbcClient jdbc, EndedProcesses processes, TransactionTemplate transaction) {
        this.jdbc = jdbc;
        this.processes = processes;
        this.transaction = transaction;
    }

    /** Records each in its own transaction, so one failure blocks neither the others nor the server. */
    @EventListener(ApplicationReadyEvent.class)
    public void note() {
        List<ApprovalId> found = find();
        for (ApprovalId id : found) {
            try {
                transaction.executeWithoutResult(status -> processes.ended(id));
                log.info("event=process_lost approval={}", id);
            } catch (RuntimeException e) {
                log.warn("event=process_lost_not_recorded approval={}", id, e);
            }
        }
    }

    /**
     * One statement sees one snapshot, and a request changes in the transaction that creates and ends its tasks, so
     * concurrent changes are seen as before them. The process is checked as well as the task, which an administrator
     * may have moved; early stages do not know their process.
     */
    private List<ApprovalId> find() {
        return jdbc.sql("""
                        select a.id
                        from approvals a
                        join approval_stages s on s.approval_id = a.id
                        left join approval_questions q on q.stage_id = s.id and q.closed_at is null
                        where a.status = 'pending'
                          and coalesce(q.task_id, s.task_id) is not null
                          and not exists (select 1 from act_ru_task t where t.id_ = coalesce(q.task_id, s.task_id))
                          and not exists (select 1 from act_ru_execution e where e.id_ = s.process_instance_id)""")
                .query((row, n) -> new ApprovalId(row.getObject("id", UUID.class)))
                .list();
    }
}
