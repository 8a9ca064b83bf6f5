package io.countersign.approval.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.countersign.approval.Approval;
import io.countersign.approval.ApprovalContent;
import io.countersign.approval.ApprovalHeader;
import io.countersign.approval.ApprovalId;
import io.countersign.approval.ApprovalProgress;
import io.countersign.approval.ApprovalStatus;
import io.countersign.approval.Decision;
import io.countersign.approval.DecisionKind;
import io.countersign.approval.EntityType;
import io.countersign.approval.FormerDecision;
import io.countersign.approval.Policy;
import io.countersign.approval.Question;
import io.countersign.approval.Stage;
import io.countersign.approval.StageId;
import io.countersign.approval.StageStatus;
import io.countersign.approval.TeamScope;
import io.countersign.approval.WaitingPolicy;
import io.countersign.identity.Permission;
import io.countersign.identity.Principal;
import io.countersign.identity.Scope;
import io.countersign.identity.TeamId;
import io.countersign.identity.UserId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Maps approvals to rows. The stages, decisions and questions of an approval are read and written as JSON with its row,
 * keyed by column names.
 */
final class ApprovalRows {

    private static final ObjectMapper JSON = JsonMapper.builder().build();

    /** Selects whole approvals {@code a}, without a {@code where}. */
    static final String SELECT = """
            select a.*,
                   (select read.version from approvals read where read.id = a.id) as read_version,
                   (select json_agg(json_build_object(
                               'stage', s,
                               'decisions', (select json_agg(d order by d.id)
                                             from approval_decisions d where d.stage_id = s.id),
                               'former', case when a.has_former then
                                             (select json_agg(f order by f.id)
                                              from approval_former_decisions f where f.stage_id = s.id) end)
                               order by s.stage_order)
                    from approval_stages s where s.approval_id = a.id) as stages,
                   case when a.has_questions then
                       (select json_agg(q order by q.asked_at, q.id)
                        from approval_questions q where q.approval_id = a.id) end as questions
            from approvals a
            """;

    private ApprovalRows() {}

    static Approval approval(ResultSet row, int number) throws SQLException {
        return new Approval(
                new ApprovalHeader(
                        new ApprovalId(row.getObject("id", UUID.class)),
                        new EntityType(row.getString("entity_type")),
                        row.getString("entity_id"),
                        row.getString("entity_name"),
                        row.getString("action"),
                        Scope.parse(row.getString("scope")),
                        new Principal(Principal.Kind.of(row.getString("submitter_type")), row.getString("submitter")),
                        Optional.ofNullable(row.getString("submitter_team")).map(TeamId::new),
                        row.getTimestamp("submitted_at").toInstant(),
                        row.getBoolean("distinct_approvers"),
                        row.getString("policy_hash"),
                        new WaitingPolicy(
                                row.getString("remind_after"),
                                row.getString("escalate_after"),
                                row.getString("escalate_to"),
                                row.getString("valid_for"),
                                row.getString("notify"))),
                new ApprovalContent(
                        row.getString("content"),
                        row.getString("content_hash"),
                        Optional.ofNullable(row.getString("current_content"))),
                new ApprovalProgress(
                        new ApprovalProgress.Outcome(
                                ApprovalStatus.find(row.getString("status")).orElseThrow(),
                                instant(row, "closed_at"),
                                instant(row, "released_at"),
                                instant(row, "carried_out_at")),
                        Optional.ofNullable(row.getString("stuck_reason")),
                        instant(row, "attention_due_at"),
                        list(row.getString("stages"), ApprovalRows::stage),
                        row.getInt("round"),
                        list(row.getString("questions"), ApprovalRows::question)));
    }

    private static Stage stage(JsonNode with) {
        JsonNode row = with.get("stage");
        return new Stage(
                new StageId(UUID.fromString(row.get("id").asText())),
                new Policy.StagePolicy(
                        row.get("stage_order").asInt(),
                        Permission.of(row.get("required_permission").asText()),
                        TeamScope.find(row.get("team_scope").asText()).orElseThrow(),
                        row.get("min_approvers").asInt()),
                new Stage.Votes(
                        StageStatus.find(row.get("status").asText()).orElseThrow(),
                        stream(with.get("decisions"))
                                .map(ApprovalRows::decision)
                                .toList(),
                        stream(with.get("former")).map(ApprovalRows::former).toList()),
                text(row, "task_id"),
                new Stage.Waiting(
                        text(row, "process_instance_id"),
                        instant(row, "opened_at"),
                        instant(row, "reminded_at"),
                        instant(row, "escalated_at")));
    }

    static Map<String, Object> row(ApprovalId approval, Stage stage) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("id", stage.id().toString());
        row.put("approval_id", approval.toString());
        row.put("stage_order", stage.order());
        row.put("required_permission", stage.requiredPermission().wireName());
        row.put("team_scope", stage.teamScope().wireName());
        row.put("min_approvers", stage.minApprovers());
        row.put("status", stage.status().wireName());
        row.put("task_id", stage.taskId().orElse(null));
        row.put("process_instance_id", stage.waiting().process().orElse(null));
        row.put("opened_at", text(stage.openedAt()));
        row.put("reminded_at", text(stage.remindedAt()));
        row.put("escalated_at", text(stage.escalatedAt()));
        return row;
    }

    private static Decision decision(JsonNode row) {
        return new Decision(
                DecisionKind.find(row.get("verdict").asText()).orElseThrow(),
                new UserId(row.get("decided_by").asText()),
                text(row, "on_behalf_of").map(UserId::new),
                instant(row, "decided_at").orElseThrow(),
                text(row, "comment").orElse(null),
                row.get("override").asBoolean(),
                row.get("origin").asText());
    }

    static Map<String, Object> row(StageId stage, Decision decision) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("stage_id", stage.toString());
        row.put("verdict", decision.kind().wireName());
        row.put("decided_by", decision.decidedBy().value());
        row.put("on_behalf_of", decision.onBehalfOf().map(UserId::value).orElse(null));
        row.put("decided_at", decision.decidedAt().toString());
        row.put("comment", decision.comment());
        row.put("override", decision.override());
        row.put("origin", decision.origin());
        return row;
    }

    private static FormerDecision former(JsonNode row) {
        return new FormerDecision(
                decision(row),
                FormerDecision.End.find(row.get("ended_how").asText()).orElseThrow(),
                instant(row, "ended_at").orElseThrow(),
                text(row, "ended_by").map(UserId::new),
                row.get("reason").asText());
    }

    static Map<String, Object> row(StageId stage, FormerDecision former) {
        Map<String, Object> row = row(stage, former.decision());
        row.put("ended_how", former.end().wireName());
        row.put("ended_at", former.endedAt().toString());
        row.put("ended_by", former.endedBy().map(UserId::value).orElse(null));
        row.put("reason", former.reason());
        return row;
    }

    private static Question question(JsonNode row) {
        return new Question(
                UUID.fromString(row.get("id").asText()),
                new StageId(UUID.fromString(row.get("stage_id").asText())),
                new UserId(row.get("asked_by").asText()),
                text(row, "on_behalf_of").map(UserId::new),
                instant(row, "asked_at").orElseThrow(),
                row.get("question").asText(),
                text(row, "task_id"),
                instant(row, "closed_at"),
                text(row, "closed_by").map(UserId::new),
                text(row, "answer"));
    }

    static Map<String, Object> row(ApprovalId approval, Question question) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("id", question.id().toString());
        row.put("approval_id", approval.toString());
        row.put("stage_id", question.stage().toString());
        row.put("asked_by", question.askedBy().value());
        row.put("on_behalf_of", question.onBehalfOf().map(UserId::value).orElse(null));
        row.put("asked_at", question.askedAt().toString());
        row.put("question", question.text());
        row.put("task_id", question.taskId().orElse(null));
        row.put("closed_at", text(question.closedAt()));
        row.put("closed_by", question.closedBy().map(UserId::value).orElse(null));
        row.put("answer", question.answer().orElse(null));
        return row;
    }

    /** @return rows as {@code json_to_recordset} reads them */
    static String json(Collection<Map<String, Object>> rows) {
        try {
            return JSON.writeValueAsString(rows);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Texts and numbers are writable as JSON", e);
        }
    }

    private static <T> List<T> list(String json, Function<JsonNode, T> mapper) {
        try {
            return json == null
                    ? List.of()
                    : stream(JSON.readTree(json)).map(mapper).toList();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("The database writes JSON", e);
        }
    }

    private static Stream<JsonNode> stream(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    private static Optional<String> text(JsonNode row, String column) {
        return Optional.of(row.path(column)).filter(JsonNode::isTextual).map(JsonNode::asText);
    }

    private static String text(Optional<Instant> time) {
        return time.map(Instant::toString).orElse(null);
    }

    private static Optional<Instant> instant(JsonNode row, String column) {
        return text(row, column).map(OffsetDateTime::parse).map(OffsetDateTime::toInstant);
    }

    private static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getTimestamp(column)).map(Timestamp::toInstant);
    }
}
