package io.countersign.approval.store;

import io.countersign.api.problem.NotFound;
import io.countersign.approval.Approval;
import io.countersign.approval.ApprovalContent;
import io.countersign.approval.ApprovalHeader;
import io.countersign.approval.ApprovalId;
import io.countersign.approval.ApprovalProgress;
import io.countersign.approval.Stage;
import io.countersign.approval.StageId;
import io.countersign.approval.archive.ApprovalArchive;
import io.countersign.identity.TeamId;
import io.countersign.transaction.TransactionMemory;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.springframework.jdbc.core.SqlParameterValue;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Loads and saves whole approvals, each in one statement. Callers lock an approval before they change it. Applies no
 * rules.
 *
 * <p>Rows of stages, decisions and questions are written only together with the approval's row, whose version shows
 * whether they were read in the locked state.
 */
@Component
@Transactional(propagation = Propagation.MANDATORY)
public class ApprovalStore {

    private static final String STAGE_ROW = """
            (id uuid, approval_id uuid, stage_order int, required_permission text, team_scope text,
             min_approvers int, status text, task_id text, process_instance_id text, opened_at timestamptz,
             reminded_at timestamptz, escalated_at timestamptz)""";

    private static final String DECISION_ROW = """
            stage_id uuid, verdict text, decided_by text, on_behalf_of text, decided_at timestamptz, comment text,
            override boolean, origin text""";

    private final JdbcClient jdbc;
    private final ApprovalArchive archive;

    /**
     * The approvals locked by the current transaction, in their present state: a process asks for them at every
     * gateway.
     */
    private final TransactionMemory<ApprovalId, Approval> held = new TransactionMemory<>();

    ApprovalStore(JdbcClient jdbc, ApprovalArchive archive) {
        this.jdbc = jdbc;
        this.archive = archive;
    }

    /** @return the approval, possibly from the archive; empty if there is none with that id */
    public Optional<Approval> find(ApprovalId id) {
        return held.find(id).or(() -> read(id)).or(() -> archive.copyBack(id) ? read(id) : Optional.empty());
    }

    /**
     * Reads an approval and locks its row until the transaction ends, to serialize decisions about it.
     *
     * @throws NotFound if there is none with that id
     */
    public Approval lock(ApprovalId id) {
        return held.get(
                id,
                () -> readLocked(id)
                        .or(() -> archive.copyBack(id) ? readLocked(id) : Optional.empty())
                        .orElseThrow(() -> new NotFound("approval", id.toString())));
    }

    /** Reads again if the approval changed while this waited for its lock. */
    private Optional<Approval> readLocked(ApprovalId id) {
        boolean[] stale = {false};
        Optional<Approval> approval = jdbc.sql(ApprovalRows.SELECT + "where a.id = ? for no key update of a")
                .param(id.value())
                .query((row, number) -> {
                    stale[0] = row.getLong("version") != row.getLong("read_version");
                    return ApprovalRows.approval(row, number);
                })
                .optional();
        return stale[0] ? read(id) : approval;
    }

    private Optional<Approval> read(ApprovalId id) {
        return jdbc.sql(ApprovalRows.SELECT + "where a.id = ?")
                .param(id.value())
                .query(ApprovalRows::approval)
                .optional();
    }

    /** Locks an approval that is due for a check, unless another node has locked it. */
    public Optional<Approval> lockDue(ApprovalId id, Instant now) {
        return jdbc.sql("""
                        select id from approvals where id = ? and attention_due_at <= ?
                        for no key update skip locked""")
                .params(id.value(), Timestamp.from(now))
                .query(UUID.class)
                .optional()
                .map(due -> lock(id));
    }

    /** Postpones the next check of an approval, without locking it. */
    public void postpone(ApprovalId id, Instant until) {
        jdbc.sql("update approvals set attention_due_at = ? where id = ?")
                .params(Timestamp.from(until), id.value())
                .update();
    }

    /** Stores and locks a new approval. */
    public void insert(Approval approval) {
        ApprovalHeader header = approval.header();
        ApprovalContent content = approval.requested();
        ApprovalProgress progress = approval.progress();
        Statement statement = new Statement();
        statement.add(
                """
                insert into approvals (id, entity_type, entity_id, entity_name, action, scope, submitter,
                                       submitter_type, submitter_team, submitted_at, distinct_approvers, policy_hash,
                                       remind_after, escalate_after, escalate_to, valid_for, notify, content,
                                       content_hash, current_content, status, closed_at, attention_due_at)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
                header.id().value(),
                header.entityType().wireName(),
                header.entityId(),
                header.entityName(),
                header.action(),
                header.scope().toString(),
                header.submitter().name(),
                header.submitter().kind().wireName(),
                text(header.submitterTeam().map(TeamId::value)),
                Timestamp.from(header.submittedAt()),
                header.distinctApprovers(),
                header.policyHash(),
                text(Optional.ofNullable(header.waiting().remindAfter())),
                text(Optional.ofNullable(header.waiting().escalateAfter())),
                text(Optional.ofNullable(header.waiting().escalateTo())),
                text(Optional.ofNullable(header.waiting().validFor())),
                text(Optional.ofNullable(header.waiting().told())),
                content.json(),
                content.hash(),
                text(content.current()),
                progress.outcome().status().wireName(),
                time(progress.outcome().closedAt()),
                time(progress.attention()));
        statement.addRows(
                """
                insert into approval_stages (id, approval_id, stage_order, required_permission, team_scope,
                                             min_approvers, status)
                select id, approval_id, stage_order, required_permission, team_scope, min_approvers, status
                from json_to_recordset(?::json) as s\s""" + STAGE_ROW,
                approval.stages().stream()
                        .map(stage -> ApprovalRows.row(header.id(), stage))
                        .toList());
        statement.run();
        held.put(header.id(), approval);
    }

    /**
     * Saves the rows of a locked approval that a change modified.
     *
     * @throws IllegalStateException if the current transaction has not locked it
     */
    public void save(Approval next) {
        Approval before = held.find(next.id())
                .orElseThrow(() -> new IllegalStateException("Approval " + next.id() + " is not locked"));
        if (next.equals(before)) {
            return;
        }
        Statement statement = new Statement();
        saveVotes(before, next, statement);
        saveStages(before, next, statement);
        saveQuestions(before, next, statement);
        saveApproval(next, statement);
        statement.run();
        held.put(next.id(), next);
    }

    private static void saveVotes(Approval before, Approval next, Statement statement) {
        statement.addRows(
                "delete from approval_decisions d using json_to_recordset(?::json) as ended (" + DECISION_ROW
                        + ") where d.stage_id = ended.stage_id and d.decided_by = ended.decided_by",
                gone(before, next, Stage::decisions, ApprovalRows::row));
        statement.addRows("""
                insert into approval_former_decisions
                    (stage_id, verdict, decided_by, on_behalf_of, decided_at, comment, override, origin,
                     ended_how, ended_at, ended_by, reason)
                select * from json_to_recordset(?::json) as f (%s, ended_how text, ended_at timestamptz,
                                                               ended_by text, reason text)""".formatted(DECISION_ROW), gone(next, before, Stage::former, ApprovalRows::row));
        statement.addRows("""
                insert into approval_decisions
                    (stage_id, verdict, decided_by, on_behalf_of, decided_at, comment, override, origin)
                select * from json_to_recordset(?::json) as d (%s)""".formatted(DECISION_ROW), gone(next, before, Stage::decisions, ApprovalRows::row));
    }

    private interface Row<T> {
        Map<String, Object> of(StageId stage, T value);
    }

    /** @return the rows that the stages of one state have and those of the other lack */
    private static <T> List<Map<String, Object>> gone(
            Approval here, Approval there, Function<Stage, List<T>> values, Row<T> row) {
        return here.stages().stream()
                .flatMap(stage -> values.apply(stage).stream()
                        .filter(value -> !values.apply(there.stage(stage.id())).contains(value))
                        .map(value -> row.of(stage.id(), value)))
                .toList();
    }

    private static void saveStages(Approval before, Approval next, Statement statement) {
        statement.addRows(
                """
                update approval_stages s
                set status = next.status, task_id = next.task_id, process_instance_id = next.process_instance_id,
                    opened_at = next.opened_at, reminded_at = next.reminded_at, escalated_at = next.escalated_at
                from json_to_recordset(?::json) as next\s""" + STAGE_ROW + " where s.id = next.id",
                changed(
                        next.stages().stream()
                                .map(stage -> ApprovalRows.row(next.id(), stage))
                                .toList(),
                        before.stages().stream()
                                .map(stage -> ApprovalRows.row(next.id(), stage))
                                .toList()));
    }

    private static void saveQuestions(Approval before, Approval next, Statement statement) {
        statement.addRows(
                """
                insert into approval_questions (id, approval_id, stage_id, asked_by, on_behalf_of, asked_at, question,
                                                task_id, closed_at, closed_by, answer)
                select * from json_to_recordset(?::json) as q (
                    id uuid, approval_id uuid, stage_id uuid, asked_by text, on_behalf_of text, asked_at timestamptz,
                    question text, task_id text, closed_at timestamptz, closed_by text, answer text)
                on conflict (id) do update
                set task_id = excluded.task_id, closed_at = excluded.closed_at, closed_by = excluded.closed_by,
                    answer = excluded.answer""",
                changed(
                        next.questions().stream()
                                .map(question -> ApprovalRows.row(next.id(), question))
                                .toList(),
                        before.questions().stream()
                                .map(question -> ApprovalRows.row(next.id(), question))
                                .toList()));
    }

    private static List<Map<String, Object>> changed(List<Map<String, Object>> next, List<Map<String, Object>> before) {
        return next.stream().filter(row -> !before.contains(row)).toList();
    }

    private static void saveApproval(Approval next, Statement statement) {
        ApprovalProgress progress = next.progress();
        statement.add(
                """
                update approvals
                set status = ?, closed_at = ?, released_at = ?, carried_out_at = ?, stuck_reason = ?,
                    attention_due_at = ?, round = ?, has_former = ?, has_questions = ?, version = version + 1
                where id = ?""",
                progress.outcome().status().wireName(),
                time(progress.outcome().closedAt()),
                time(progress.outcome().releasedAt()),
                time(progress.outcome().carriedOutAt()),
                text(progress.stuckReason()),
                time(progress.attention()),
                progress.round(),
                progress.stages().stream().anyMatch(stage -> !stage.former().isEmpty()),
                !progress.questions().isEmpty(),
                next.id().value());
    }

    /** Carries the SQL type even for null; without it PostgreSQL plans the statement again. */
    private static SqlParameterValue text(Optional<String> value) {
        return new SqlParameterValue(Types.VARCHAR, value.orElse(null));
    }

    private static SqlParameterValue time(Optional<Instant> value) {
        return new SqlParameterValue(Types.TIMESTAMP, value.map(Timestamp::from).orElse(null));
    }

    /** Several writes to different tables in one statement. */
    private final class Statement {

        private final List<String> writes = new ArrayList<>();
        private final List<Object> params = new ArrayList<>();

        void add(String write, Object... values) {
            writes.add(write);
            params.addAll(List.of(values));
        }

        /** Adds a write of rows given as JSON, if there are any. */
        void addRows(String write, Collection<Map<String, Object>> rows) {
            if (!rows.isEmpty()) {
                add(write, ApprovalRows.json(rows));
            }
        }

        void run() {
            int last = writes.size() - 1;
            String before = IntStream.range(0, last)
                    .mapToObj(i -> "write" + i + " as (" + writes.get(i) + ")")
                    .collect(Collectors.joining(", "));
            jdbc.sql((before.isEmpty() ? "" : "with " + before + " ") + writes.get(last))
                    .params(params)
                    .update();
        }
    }
}
