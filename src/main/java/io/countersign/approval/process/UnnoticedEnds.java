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
 * Finds pending requests whose process was ended while nothing took notice: {@link ProcessEnds} came with a later
 * version, and an instance of an earlier one may still run beside this one during an update. Looks once, when the
 * server starts.
 */
@Component
class UnnoticedEnds {

    private static final Logger log = LoggerFactory.getLogger(UnnoticedEnds.class);

    private final JdbcClient jdbc;
    private final EndedProcesses processes;
    private final TransactionTemplate transaction;

    UnnoticedEnds(JdbcClient jdbc, EndedProcesses processes, TransactionTemplate transaction) {
        this.jdbc = jdbc;
        this.processes = processes;
        this.transaction = transaction;
    }

    /** Notes each apart from the others, so that one that fails holds up neither them nor the server. */
    @EventListener(ApplicationReadyEvent.class)
    public void note() {
        List<ApprovalId> found = find();
        for (ApprovalId id : found) {
            try {
                transaction.executeWithoutResult(status -> processes.ended(id));
                log.info("request has lost its process approval={}", id);
            } catch (RuntimeException e) {
                log.warn("request has lost its process, which is not noted yet approval={}", id, e);
            }
        }
    }

    /**
     * One statement sees one moment, and a request is submitted, asked about and decided in the transaction that
     * creates and ends its tasks: so whatever is under way is seen as it was before. The process is looked for as well
     * as the task, which an administrator may have moved; early stages do not know their process.
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
