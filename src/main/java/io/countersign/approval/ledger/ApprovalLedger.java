package io.countersign.approval.ledger;

import io.countersign.api.NotFound;
import io.countersign.api.PageRequest;
import io.countersign.approval.Approval;
import io.countersign.approval.ApprovalId;
import io.countersign.approval.ApprovalStatus;
import io.countersign.approval.CanonicalJson;
import io.countersign.approval.Decision;
import io.countersign.approval.DecisionKind;
import io.countersign.approval.EntityType;
import io.countersign.approval.Policy;
import io.countersign.approval.Stage;
import io.countersign.approval.StageId;
import io.countersign.approval.StageStatus;
import io.countersign.approval.Submission;
import io.countersign.approval.TeamScope;
import io.countersign.identity.Permission;
import io.countersign.identity.Scope;
import io.countersign.identity.TeamId;
import io.countersign.identity.UserId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Reads and writes approvals, stages and decisions. Knows no rule. */
@Component
@Transactional(propagation = Propagation.MANDATORY)
public class ApprovalLedger {

    private final JdbcClient jdbc;

    ApprovalLedger(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Stores a request and its copy of the policy. */
    public void insert(ApprovalId id, Submission submission, Optional<TeamId> team, Instant now) {
        Policy policy = submission.policy();
        boolean approved = policy.stages().isEmpty();
        String content = CanonicalJson.write(submission.content());
        jdbc.sql("""
                        insert into approvals (id, entity_type, entity_id, entity_name, action, scope, status,
                                               submitter, submitter_team, submitted_at, closed_at, content,
                                               content_hash, current_content, distinct_approvers, policy_hash)
                        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""")
                .params(
                        id.value(),
                        submission.entityType().wireName(),
                        submission.entityId(),
                        submission.entityName(),
                        submission.action(),
                        submission.scope().toString(),
                        (approved ? ApprovalStatus.APPROVED : ApprovalStatus.PENDING).wireName(),
                        submission.submitter().value(),
                        team.map(TeamId::value).orElse(null),
                        Timestamp.from(now),
                        approved ? Timestamp.from(now) : null,
                        content,
                        CanonicalJson.hash(content),
                        submission.current().map(CanonicalJson::write).orElse(null),
                        policy.distinctApprovers(),
                        policy.hash())
                .update();
        for (Policy.StagePolicy stage : policy.stages()) {
            jdbc.sql("""
                            insert into approval_stages (id, approval_id, stage_order, required_permission,
                                                         team_scope, min_approvers, status)
                            values (?, ?, ?, ?, ?, ?, ?)""")
                    .params(
                            UUID.randomUUID(),
                            id.value(),
                            stage.order(),
                            stage.requiredPermission().wireName(),
                            stage.teamScope().wireName(),
                            stage.minApprovers(),
                            StageStatus.PENDING.wireName())
                    .update();
        }
    }

    /**
     * Reads an approval and holds its row until the transaction ends, so that decisions about it come one by one.
     *
     * @throws NotFound if there is none of that id
     */
    public Approval lock(ApprovalId id) {
        jdbc.sql("select id from approvals where id = ? for update")
                .param(id.value())
                .query(UUID.class)
                .optional()
                .orElseThrow(() -> new NotFound("approval", id.toString()));
        return find(id).orElseThrow();
    }

    /** @return the approval, or empty if there is none of that id */
    public Optional<Approval> find(ApprovalId id) {
        return read("where a.id = ?", List.of(id.value())).stream().findFirst();
    }

    /** @return the pending approvals of a scope */
    public List<Approval> pendingIn(Scope scope) {
        return read("where a.scope = ? and a.status = 'pending'", List.of(scope.toString()));
    }

    /**
     * What a list of approvals is narrowed to.
     *
     * @param visibleScopes the scopes that the reader may see; empty if all
     * @param visibleSubmitter whose requests are seen wherever they are
     * @param scope only this scope
     * @param status only this status
     * @param entityType only this kind of thing
     * @param entityId only this one
     * @param submitter only requests of this person
     */
    public record Filter(
            Optional<Collection<String>> visibleScopes,
            Optional<UserId> visibleSubmitter,
            Optional<Scope> scope,
            Optional<ApprovalStatus> status,
            Optional<EntityType> entityType,
            Optional<String> entityId,
            Optional<UserId> submitter) {}

    /**
     * @param filter what to leave out
     * @param after the last approval of the page before
     * @param limit at most this many
     * @return approvals, newest first
     */
    public List<Approval> list(Filter filter, Optional<PageRequest.Key> after, int limit) {
        StringBuilder where = new StringBuilder("where true");
        List<Object> params = new ArrayList<>();
        filter.visibleScopes().ifPresent(scopes -> {
            where.append(" and (a.scope = any (?) or a.submitter = ?)");
            params.add(scopes.toArray(String[]::new));
            params.add(filter.visibleSubmitter().map(UserId::value).orElse(""));
        });
        filter.scope().ifPresent(scope -> add(where, params, " and a.scope = ?", scope.toString()));
        filter.status().ifPresent(status -> add(where, params, " and a.status = ?", status.wireName()));
        filter.entityType().ifPresent(type -> add(where, params, " and a.entity_type = ?", type.wireName()));
        filter.entityId().ifPresent(id -> add(where, params, " and a.entity_id = ?", id));
        filter.submitter().ifPresent(user -> add(where, params, " and a.submitter = ?", user.value()));
        after.ifPresent(key -> {
            where.append(" and (a.submitted_at, a.id) < (?, ?::uuid)");
            params.add(Timestamp.from(key.time()));
            params.add(key.id());
        });
        where.append(" order by a.submitted_at desc, a.id desc limit ?");
        params.add(limit);
        return read(where.toString(), params);
    }

    /** Notes the engine's user task of the open stage; null when the task is gone. */
    public void setTask(StageId stage, String taskId) {
        jdbc.sql("update approval_stages set task_id = ? where id = ?")
                .params(taskId, stage.value())
                .update();
    }

    /** Notes whether, and why, nobody can decide the open stage. */
    public void setStuckReason(ApprovalId id, Optional<String> reason) {
        jdbc.sql("update approvals set stuck_reason = ? where id = ?")
                .params(reason.orElse(null), id.value())
                .update();
    }

    /** Adds a decision. */
    public void insertDecision(StageId stage, Decision decision) {
        jdbc.sql("""
                        insert into approval_decisions (stage_id, verdict, decided_by, decided_at, comment, override,
                                                        origin)
                        values (?, ?, ?, ?, ?, ?, ?)""")
                .params(
                        stage.value(),
                        decision.kind().wireName(),
                        decision.decidedBy().value(),
                        Timestamp.from(decision.decidedAt()),
                        decision.comment(),
                        decision.override(),
                        decision.origin())
                .update();
    }

    /** Closes a stage. */
    public void closeStage(StageId stage, StageStatus status) {
        jdbc.sql("update approval_stages set status = ?, task_id = null where id = ?")
                .params(status.wireName(), stage.value())
                .update();
    }

    /** Closes an approval. */
    public void close(ApprovalId id, ApprovalStatus status, Instant now) {
        jdbc.sql("update approvals set status = ?, closed_at = ?, stuck_reason = null where id = ?")
                .params(status.wireName(), Timestamp.from(now), id.value())
                .update();
    }

    /** Notes that the approved change began to be carried out. */
    public void markCarriedOut(ApprovalId id, Instant now) {
        jdbc.sql("update approvals set carried_out_at = ? where id = ? and carried_out_at is null")
                .params(Timestamp.from(now), id.value())
                .update();
    }

    private List<Approval> read(String where, List<?> params) {
        Map<UUID, Row> rows = new LinkedHashMap<>();
        jdbc.sql("select a.* from approvals a " + where)
                .params(params)
                .query((row, n) -> Row.of(row))
                .list()
                .forEach(row -> rows.put(row.id(), row));
        if (rows.isEmpty()) {
            return List.of();
        }
        UUID[] ids = rows.keySet().toArray(UUID[]::new);
        Map<UUID, List<Decision>> decisions = new LinkedHashMap<>();
        jdbc.sql("""
                        select d.* from approval_decisions d join approval_stages s on s.id = d.stage_id
                        where s.approval_id = any (?) order by d.id""")
                .param(ids)
                .query((row, n) -> decisions
                        .computeIfAbsent(row.getObject("stage_id", UUID.class), id -> new ArrayList<>())
                        .add(decision(row)))
                .list();
        Map<UUID, List<Stage>> stages = new LinkedHashMap<>();
        jdbc.sql("select * from approval_stages where approval_id = any (?) order by stage_order")
                .param(ids)
                .query((row, n) -> stages.computeIfAbsent(
                                row.getObject("approval_id", UUID.class), id -> new ArrayList<>())
                        .add(stage(row, decisions)))
                .list();
        return rows.values().stream()
                .map(row -> row.toApproval(stages.getOrDefault(row.id(), List.of())))
                .toList();
    }

    private static Stage stage(ResultSet row, Map<UUID, List<Decision>> decisions) throws SQLException {
        UUID id = row.getObject("id", UUID.class);
        return new Stage(
                new StageId(id),
                row.getInt("stage_order"),
                Permission.of(row.getString("required_permission")),
                TeamScope.find(row.getString("team_scope")).orElseThrow(),
                row.getInt("min_approvers"),
                StageStatus.find(row.getString("status")).orElseThrow(),
                Optional.ofNullable(row.getString("task_id")),
                List.copyOf(decisions.getOrDefault(id, List.of())));
    }

    private static Decision decision(ResultSet row) throws SQLException {
        return new Decision(
                DecisionKind.find(row.getString("verdict")).orElseThrow(),
                new UserId(row.getString("decided_by")),
                row.getTimestamp("decided_at").toInstant(),
                row.getString("comment"),
                row.getBoolean("override"),
                row.getString("origin"));
    }

    private static void add(StringBuilder where, List<Object> params, String condition, Object value) {
        where.append(condition);
        params.add(value);
    }

    /** An approval's row, waiting for its stages. */
    private record Row(
            UUID id,
            EntityType entityType,
            String entityId,
            String entityName,
            String action,
            Scope scope,
            ApprovalStatus status,
            UserId submitter,
            Optional<TeamId> submitterTeam,
            Instant submittedAt,
            Optional<Instant> closedAt,
            Optional<Instant> carriedOutAt,
            String content,
            String contentHash,
            Optional<String> currentContent,
            boolean distinctApprovers,
            String policyHash,
            Optional<String> stuckReason) {

        static Row of(ResultSet row) throws SQLException {
            return new Row(
                    row.getObject("id", UUID.class),
                    EntityType.find(row.getString("entity_type")).orElseThrow(),
                    row.getString("entity_id"),
                    row.getString("entity_name"),
                    row.getString("action"),
                    Scope.parse(row.getString("scope")),
                    ApprovalStatus.find(row.getString("status")).orElseThrow(),
                    new UserId(row.getString("submitter")),
                    Optional.ofNullable(row.getString("submitter_team")).map(TeamId::new),
                    row.getTimestamp("submitted_at").toInstant(),
                    Optional.ofNullable(row.getTimestamp("closed_at")).map(Timestamp::toInstant),
                    Optional.ofNullable(row.getTimestamp("carried_out_at")).map(Timestamp::toInstant),
                    row.getString("content"),
                    row.getString("content_hash"),
                    Optional.ofNullable(row.getString("current_content")),
                    row.getBoolean("distinct_approvers"),
                    row.getString("policy_hash"),
                    Optional.ofNullable(row.getString("stuck_reason")));
        }

        Approval toApproval(List<Stage> stages) {
            return new Approval(
                    new ApprovalId(id),
                    entityType,
                    entityId,
                    entityName,
                    action,
                    scope,
                    status,
                    submitter,
                    submitterTeam,
                    submittedAt,
                    closedAt,
                    carriedOutAt,
                    content,
                    contentHash,
                    currentContent,
                    distinctApprovers,
                    policyHash,
                    stuckReason,
                    List.copyOf(stages));
        }
    }
}
