package io.countersign.approval.store;

import io.countersign.api.paging.Keyset;
import io.countersign.api.paging.Page;
import io.countersign.api.paging.PageQuery;
import io.countersign.api.paging.PageRequest;
import io.countersign.api.problem.NotFound;
import io.countersign.approval.Approval;
import io.countersign.approval.ApprovalId;
import io.countersign.approval.ApprovalStatus;
import io.countersign.approval.CanonicalJson;
import io.countersign.approval.Decision;
import io.countersign.approval.DecisionKind;
import io.countersign.approval.EntityType;
import io.countersign.approval.FormerDecision;
import io.countersign.approval.Policy;
import io.countersign.approval.Question;
import io.countersign.approval.Stage;
import io.countersign.approval.StageId;
import io.countersign.approval.StageStatus;
import io.countersign.approval.Submission;
import io.countersign.approval.TeamScope;
import io.countersign.approval.WaitingPolicy;
import io.countersign.approval.archive.ApprovalArchive;
import io.countersign.identity.Permission;
import io.countersign.identity.Principal;
import io.countersign.identity.Scope;
import io.countersign.identity.TeamId;
import io.countersign.identity.UserId;
import io.countersign.transaction.TransactionMemory;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Reads and writes approvals, stages and decisions. Knows no rule. */
@Component
@Transactional(propagation = Propagation.MANDATORY)
public class ApprovalLedger {

    private static final Keyset<Approval> NEWEST_FIRST =
            Keyset.newestFirst("a.submitted_at", "a.id", PageRequest.Key::uuid, ApprovalLedger::key);
    private static final Keyset<Approval> OLDEST_FIRST =
            Keyset.oldestFirst("a.submitted_at", "a.id", PageRequest.Key::uuid, ApprovalLedger::key);

    private final JdbcClient jdbc;
    private final JdbcOperations batches;
    private final ApprovalArchive archive;

    /**
     * The approvals whose rows the current transaction holds, as they are now: a process asks about its approval at
     * every gateway. Empty for one that was changed in a way that is not followed here, and is to be read anew.
     */
    private final TransactionMemory<ApprovalId, Optional<Approval>> held = new TransactionMemory<>();

    ApprovalLedger(JdbcClient jdbc, JdbcOperations batches, ApprovalArchive archive) {
        this.jdbc = jdbc;
        this.batches = batches;
        this.archive = archive;
    }

    /**
     * Stores a request and its copy of the policy.
     *
     * @return the request as stored
     */
    public Approval insert(
            ApprovalId id, Submission submission, Optional<TeamId> team, Instant now, Optional<Instant> attention) {
        Policy policy = submission.policy().copied();
        boolean approved = policy.stages().isEmpty();
        String content = CanonicalJson.write(submission.content());
        Approval approval = new Approval(
                id,
                submission.entityType(),
                submission.entityId(),
                submission.entityName(),
                submission.action(),
                submission.scope(),
                approved ? ApprovalStatus.APPROVED : ApprovalStatus.PENDING,
                submission.submitter(),
                team,
                now,
                approved ? Optional.of(now) : Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                content,
                CanonicalJson.hash(content),
                submission.current().map(CanonicalJson::write),
                policy.distinctApprovers(),
                policy.hash(),
                Optional.empty(),
                policy.stages().stream()
                        .sorted(Comparator.comparing(Policy.StagePolicy::order))
                        .map(Stage::of)
                        .toList(),
                0,
                List.of(),
                policy.waiting());
        insert(approval, attention);
        held.put(id, Optional.of(approval));
        return approval;
    }

    private void insert(Approval approval, Optional<Instant> attention) {
        jdbc.sql("""
                        insert into approvals (id, entity_type, entity_id, entity_name, action, scope, status,
                                               submitter, submitter_type, submitter_team, submitted_at, closed_at,
                                               content, content_hash, current_content, distinct_approvers, policy_hash,
                                               remind_after, escalate_after, escalate_to, valid_for, notify,
                                               attention_due_at)
                        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""")
                .params(
                        approval.id().value(),
                        approval.entityType().wireName(),
                        approval.entityId(),
                        approval.entityName(),
                        approval.action(),
                        approval.scope().toString(),
                        approval.status().wireName(),
                        approval.submitter().name(),
                        approval.submitter().kind().wireName(),
                        approval.submitterTeam().map(TeamId::value).orElse(null),
                        Timestamp.from(approval.submittedAt()),
                        approval.closedAt().map(Timestamp::from).orElse(null),
                        approval.content(),
                        approval.contentHash(),
                        approval.currentContent().orElse(null),
                        approval.distinctApprovers(),
                        approval.policyHash(),
                        approval.waiting().remindAfter(),
                        approval.waiting().escalateAfter(),
                        approval.waiting().escalateTo(),
                        approval.waiting().validFor(),
                        approval.waiting().told(),
                        attention.map(Timestamp::from).orElse(null))
                .update();
        batches.batchUpdate(
                """
                insert into approval_stages (id, approval_id, stage_order, required_permission, team_scope,
                                             min_approvers, status)
                values (?, ?, ?, ?, ?, ?, ?)""",
                approval.stages().stream()
                        .map(stage -> new Object[] {
                            stage.id().value(),
                            approval.id().value(),
                            stage.order(),
                            stage.requiredPermission().wireName(),
                            stage.teamScope().wireName(),
                            stage.minApprovers(),
                            stage.status().wireName()
                        })
                        .toList());
    }

    /**
     * Reads an approval and holds its row until the transaction ends, so that decisions about it come one by one.
     *
     * @throws NotFound if there is none of that id
     */
    public Approval lock(ApprovalId id) {
        if (held.find(id).isPresent()) {
            return find(id).orElseThrow();
        }
        // The lock first, in a statement of its own: the next one sees what whoever held it before has committed.
        List<Approval> locked = read("where a.id = ? for no key update", List.of(id.value()));
        if (locked.isEmpty() && archive.copyBack(id)) {
            locked = read("where a.id = ? for no key update", List.of(id.value()));
        }
        if (locked.isEmpty()) {
            throw new NotFound("approval", id.toString());
        }
        held.put(id, Optional.of(locked.get(0)));
        return locked.get(0);
    }

    /** @return the approval, be it from the archive, or empty if there is none of that id */
    public Optional<Approval> find(ApprovalId id) {
        return held.find(id).flatMap(Function.identity()).or(() -> {
            List<Approval> rows = read("where a.id = ?", List.of(id.value()));
            if (rows.isEmpty() && archive.copyBack(id)) {
                rows = read("where a.id = ?", List.of(id.value()));
            }
            Optional<Approval> found = rows.stream().findFirst();
            held.change(id, unread -> found);
            return found;
        });
    }

    /**
     * Finds pending approvals that may become stuck, or cease to be, as a person's membership changes: only this leaves
     * out what no rule could touch.
     *
     * @param user whose membership it is, and whose own requests to leave out
     * @param lost the permissions they had there before
     * @param gained the permissions they have there now
     * @return those whose open stage asks for one of them, or waited so long that others are asked too
     */
    public List<Approval> pendingIn(Scope scope, UserId user, Set<Permission> lost, Set<Permission> gained) {
        return read("""
                where a.scope = ? and a.status = 'pending'
                  and not (a.submitter = ? and a.submitter_type = 'person')
                  and exists (
                      select from approval_stages s
                      where s.approval_id = a.id and s.status = 'pending'
                        and (s.escalated_at is not null
                             or s.required_permission = any (?)
                             or a.stuck_reason is not null and s.required_permission = any (?)))""", List.of(scope.toString(), user.value(), names(lost), names(gained)));
    }

    private static String[] names(Set<Permission> permissions) {
        return permissions.stream()
                .filter(Permission::decides)
                .map(Permission::wireName)
                .toArray(String[]::new);
    }

    /**
     * Notes that approvals are to be looked at once the current transaction is committed, as it may leave them stuck or
     * cease to.
     */
    public void markToAssess(Collection<ApprovalId> ids) {
        jdbc.sql("""
                        insert into approvals_to_assess (approval_id) select unnest(?)
                        on conflict do nothing""")
                .param(ids.stream().map(ApprovalId::value).toArray(UUID[]::new))
                .update();
    }

    /** Notes that an approval was looked at. */
    public void markAssessed(ApprovalId id) {
        jdbc.sql("delete from approvals_to_assess where approval_id = ?")
                .param(id.value())
                .update();
    }

    /** @return approvals that are to be looked at, the longest noted first */
    public List<ApprovalId> toAssess(int limit) {
        return jdbc.sql("select approval_id from approvals_to_assess order by noted_at limit ?")
                .param(limit)
                .query((row, n) -> new ApprovalId(row.getObject("approval_id", UUID.class)))
                .list();
    }

    /** How many of a scope's newest requests tell who decides them. */
    private static final int TELLING = 200;

    /** @return at most so many of some people who decided requests of a kind in a scope, the last first */
    public List<UserId> lastDeciders(Scope scope, EntityType type, Collection<UserId> people, int count) {
        return jdbc.sql("""
                        select d.decided_by
                        from (select id from approvals where scope = ? and entity_type = ?
                              order by submitted_at desc, id desc limit ?) a
                        join approval_stages s on s.approval_id = a.id
                        join approval_decisions d on d.stage_id = s.id
                        where d.decided_by = any (?)
                        group by d.decided_by order by max(d.decided_at) desc, d.decided_by limit ?""")
                .params(
                        scope.toString(),
                        type.wireName(),
                        TELLING,
                        people.stream().map(UserId::value).toArray(String[]::new),
                        count)
                .query((row, n) -> new UserId(row.getString("decided_by")))
                .list();
    }

    /** @return a person's pending approvals in a scope whose process is there */
    public List<Approval> pendingOf(UserId submitter, Scope scope) {
        return read("""
                where a.scope = ? and a.submitter = ? and a.submitter_type = 'person' and a.status = 'pending'
                  and a.stuck_reason is distinct from ?
                """, List.of(scope.toString(), submitter.value(), Approval.PROCESS_ENDED));
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
     * @param submitter only requests of this principal
     */
    public record Filter(
            Optional<Collection<Scope>> visibleScopes,
            Optional<UserId> visibleSubmitter,
            Optional<Scope> scope,
            Optional<ApprovalStatus> status,
            Optional<EntityType> entityType,
            Optional<String> entityId,
            Optional<Principal> submitter) {}

    /**
     * A kind of stage that somebody may decide.
     *
     * @param scope where
     * @param permission what the stage asks for; empty for stages that waited so long that others are asked too
     */
    public record Power(Scope scope, Optional<Permission> permission) {}

    /**
     * @param filter what to leave out
     * @param after the last approval of the page before
     * @param limit at most this many
     * @return approvals, newest first
     */
    public List<Approval> list(Filter filter, Optional<PageRequest.Key> after, int limit) {
        if (filter.visibleScopes().isEmpty()) {
            return read(narrow(PageQuery.of("where true"), filter).cut(NEWEST_FIRST, after, limit));
        }
        // The newest of each scope, then the newest of these: each part is read from its index in order, so that a page
        // costs the same however many approvals there are that the reader may not see.
        PageQuery inScopes = narrow(PageQuery.of("select a.id from approvals a where a.scope = visible.scope"), filter)
                .cut(NEWEST_FIRST, after, limit);
        PageQuery own = narrow(
                        PageQuery.of(
                                "select a.id from approvals a where a.submitter = ? and a.submitter_type = 'person'",
                                filter.visibleSubmitter().map(UserId::value).orElse("")),
                        filter)
                .cut(NEWEST_FIRST, after, limit);
        return read(
                PageQuery.of("""
                        where a.id in (
                            select newest.id
                            from unnest(?::text[]) as visible (scope)
                            cross join lateral (%s) newest
                            union
                            (%s))""".formatted(inScopes.sql(), own.sql()), (Object) filter.visibleScopes().get().stream()
                                .map(Scope::toString)
                                .toArray(String[]::new))
                        .with(inScopes, own)
                        .cut(NEWEST_FIRST, Optional.empty(), limit));
    }

    private static PageQuery narrow(PageQuery query, Filter filter) {
        query.andIf("a.scope = ?", filter.scope().map(Scope::toString));
        // Written out, as an index of one status is not used for a parameter.
        filter.status().ifPresent(status -> query.and("a.status = '" + status.wireName() + "'"));
        query.andIf("a.entity_type = ?", filter.entityType().map(EntityType::wireName))
                .andIf("a.entity_id = ?", filter.entityId());
        filter.submitter()
                .ifPresent(submitter -> query.and(
                        "a.submitter = ? and a.submitter_type = ?",
                        submitter.name(),
                        submitter.kind().wireName()));
        return query;
    }

    /**
     * Finds pending approvals by what their open stage asks for. The caller applies the rules to them: this only leaves
     * out what no rule could allow.
     *
     * @param powers which stages the reader, or those they stand in for, may decide
     * @param notBy whose requests to leave out
     * @param filter what else to leave out; its visible scopes are not looked at, and it has no status
     * @param after the last approval of the page before
     * @param limit at most this many
     * @return approvals, newest first
     */
    public List<Approval> listOpen(
            Collection<Power> powers, UserId notBy, Filter filter, Optional<PageRequest.Key> after, int limit) {
        PageQuery open = narrow(PageQuery.of("""
                        select a.id from approvals a
                        where a.status = 'pending' and a.scope = power.scope
                          and exists (select 1 from approval_stages s
                                      where s.approval_id = a.id and s.task_id is not null
                                        and (s.required_permission = any (power.permissions)
                                             or s.escalated_at is not null))"""), filter)
                .and("not (a.submitter = ? and a.submitter_type = 'person')", notBy.value())
                .cut(NEWEST_FIRST, after, limit);
        return read(PageQuery.of(
                        """
                        where a.id in (
                            select newest.id
                            from (select scope, array_agg(permission) as permissions
                                  from unnest(?::text[], ?::text[]) as p (scope, permission) group by scope) power
                            cross join lateral (%s) newest)""".formatted(open.sql()),
                        powers.stream().map(power -> power.scope().toString()).toArray(String[]::new),
                        powers.stream()
                                .map(power -> power.permission()
                                        .map(Permission::wireName)
                                        .orElse(""))
                                .toArray(String[]::new))
                .with(open)
                .cut(NEWEST_FIRST, Optional.empty(), limit));
    }

    /** @return the approvals that do not go on, oldest first */
    public Page<Approval> listStuck(PageRequest page) {
        List<Approval> rows = read(
                PageQuery.of("where a.stuck_reason is not null").cut(OLDEST_FIRST, page.after(), page.limit() + 1));
        return Page.of(rows, page.limit(), approval -> key(approval).toCursor());
    }

    /** @return those approvals that are not pending and were closed before a time */
    public Set<ApprovalId> closedBefore(Instant time, Collection<ApprovalId> ids) {
        return jdbc.sql("select id from approvals where id = any (?) and status <> 'pending' and closed_at < ?")
                .params(ids.stream().map(ApprovalId::value).toArray(UUID[]::new), Timestamp.from(time))
                .query((row, n) -> new ApprovalId(row.getObject("id", UUID.class)))
                .set();
    }

    private static PageRequest.Key key(Approval approval) {
        return PageRequest.Key.of(approval.submittedAt(), approval.id());
    }

    /**
     * Notes the engine's user task of a stage that opens, and the process instance that the task belongs to.
     *
     * @param attention when something is due of the stage, if ever; the approval is looked at then, if not before
     */
    public void open(
            ApprovalId id,
            StageId stage,
            String taskId,
            String processInstanceId,
            Instant now,
            Optional<Instant> attention) {
        change(id, approval -> approval.with(stage, waiting -> waiting.opened(taskId, now)));
        Timestamp due = attention.map(Timestamp::from).orElse(null);
        jdbc.sql("""
                        with earlier as (
                            update approvals set attention_due_at = ?
                            where id = ? and coalesce(attention_due_at, 'infinity') > ?
                        )
                        update approval_stages
                        set task_id = ?, process_instance_id = ?, opened_at = coalesce(opened_at, ?)
                        where id = ?""")
                .params(due, id.value(), due, taskId, processInstanceId, Timestamp.from(now), stage.value())
                .update();
    }

    /** Notes that the engine's user task of the open stage is gone. */
    public void forgetTask(ApprovalId id, StageId stage) {
        readAnew(id);
        jdbc.sql("update approval_stages set task_id = null where id = ?")
                .param(stage.value())
                .update();
    }

    /** @return the process instance that opened a stage of the approval last; empty if none ever did */
    public Optional<String> processInstance(ApprovalId id) {
        return jdbc.sql("""
                        select process_instance_id from approval_stages
                        where approval_id = ? and process_instance_id is not null
                        order by stage_order desc limit 1""").param(id.value()).query(String.class).optional();
    }

    /** Notes whether, and why, nobody can decide the open stage. */
    public void setStuckReason(ApprovalId id, Optional<String> reason) {
        readAnew(id);
        jdbc.sql("update approvals set stuck_reason = ? where id = ?")
                .params(reason.orElse(null), id.value())
                .update();
    }

    /** Notes that the process is gone, and with it every task: nobody is asked for anything any more. */
    public void loseProcess(ApprovalId id, String reason) {
        readAnew(id);
        jdbc.sql("update approvals set stuck_reason = ?, attention_due_at = null where id = ?")
                .params(reason, id.value())
                .update();
        jdbc.sql("update approval_stages set task_id = null where approval_id = ? and task_id is not null")
                .param(id.value())
                .update();
    }

    /** Adds a decision. */
    public void insertDecision(ApprovalId id, StageId stage, Decision decision) {
        change(id, approval -> approval.with(stage, open -> open.decided(decision)));
        jdbc.sql("""
                        insert into approval_decisions (stage_id, verdict, decided_by, on_behalf_of, decided_at,
                                                        comment, override, origin)
                        values (?, ?, ?, ?, ?, ?, ?, ?)""")
                .params(
                        stage.value(),
                        decision.kind().wireName(),
                        decision.decidedBy().value(),
                        decision.onBehalfOf().map(UserId::value).orElse(null),
                        Timestamp.from(decision.decidedAt()),
                        decision.comment(),
                        decision.override(),
                        decision.origin())
                .update();
    }

    /** Closes a stage. */
    public void closeStage(ApprovalId id, StageId stage, StageStatus status) {
        change(id, approval -> approval.with(stage, open -> open.closed(status)));
        jdbc.sql("update approval_stages set status = ?, task_id = null where id = ?")
                .params(status.wireName(), stage.value())
                .update();
    }

    /**
     * Moves a decision that no longer stands to those that are only kept for the record.
     *
     * @param by who took it back; empty if nobody did
     */
    public void endDecision(
            ApprovalId approval,
            StageId stage,
            UserId decidedBy,
            FormerDecision.End end,
            Instant now,
            Optional<UserId> by,
            String reason) {
        readAnew(approval);
        jdbc.sql("""
                        with ended as (
                            delete from approval_decisions where stage_id = ? and decided_by = ? returning *
                        )
                        insert into approval_former_decisions
                            (stage_id, verdict, decided_by, on_behalf_of, decided_at, comment, override, origin,
                             ended_at, ended_by, ended_how, reason)
                        select stage_id, verdict, decided_by, on_behalf_of, decided_at, comment, override, origin,
                               ?, ?, ?, ?
                        from ended""")
                .params(
                        stage.value(),
                        decidedBy.value(),
                        Timestamp.from(now),
                        by.map(UserId::value).orElse(null),
                        end.wireName(),
                        reason)
                .update();
        jdbc.sql("update approvals set has_former = true where id = ?")
                .param(approval.value())
                .update();
    }

    /** Opens a stage anew that was approved. */
    public void reopenStage(ApprovalId id, StageId stage) {
        readAnew(id);
        jdbc.sql("""
                        update approval_stages
                        set status = 'pending', task_id = null, opened_at = null, reminded_at = null,
                            escalated_at = null
                        where id = ?""").param(stage.value()).update();
    }

    /** Notes that the approvers are asked anew. */
    public void startRound(ApprovalId id) {
        readAnew(id);
        jdbc.sql("update approvals set round = round + 1 where id = ?")
                .param(id.value())
                .update();
    }

    /** Adds a question to the submitter. */
    public void insertQuestion(ApprovalId approval, Question question) {
        readAnew(approval);
        jdbc.sql("""
                        insert into approval_questions
                            (id, approval_id, stage_id, asked_by, on_behalf_of, asked_at, question)
                        values (?, ?, ?, ?, ?, ?, ?)""")
                .params(
                        question.id(),
                        approval.value(),
                        question.stage().value(),
                        question.askedBy().value(),
                        question.onBehalfOf().map(UserId::value).orElse(null),
                        Timestamp.from(question.askedAt()),
                        question.text())
                .update();
        jdbc.sql("update approvals set has_questions = true where id = ?")
                .param(approval.value())
                .update();
    }

    /** Notes the engine's user task of an open question. */
    public void setQuestionTask(ApprovalId id, UUID question, String taskId) {
        readAnew(id);
        jdbc.sql("update approval_questions set task_id = ? where id = ?")
                .params(taskId, question)
                .update();
    }

    /** Closes a question; without an answer if it is withdrawn. */
    public void closeQuestion(ApprovalId id, UUID question, Instant now, Optional<UserId> by, Optional<String> answer) {
        readAnew(id);
        jdbc.sql("""
                        update approval_questions set closed_at = ?, closed_by = ?, answer = ?, task_id = null
                        where id = ?""")
                .params(Timestamp.from(now), by.map(UserId::value).orElse(null), answer.orElse(null), question)
                .update();
    }

    /** Closes an approval, which is looked at again when it lapses, if it may. */
    public void close(Approval open, ApprovalStatus status, Instant now) {
        change(open.id(), approval -> approval.closed(status, now));
        jdbc.sql("""
                        update approvals set status = ?, closed_at = ?, stuck_reason = null, attention_due_at = ?
                        where id = ?""")
                .params(
                        status.wireName(),
                        Timestamp.from(now),
                        open.closed(status, now)
                                .validUntil()
                                .map(Timestamp::from)
                                .orElse(null),
                        open.id().value())
                .update();
    }

    /** Opens an approval again that was approved and not carried out. */
    public void reopen(ApprovalId id, Optional<Instant> attention) {
        readAnew(id);
        jdbc.sql("""
                        update approvals
                        set status = 'pending', closed_at = null, released_at = null, attention_due_at = ?
                        where id = ?""")
                .params(attention.map(Timestamp::from).orElse(null), id.value())
                .update();
    }

    /** Notes that a stage's approvers were reminded. */
    public void markReminded(ApprovalId id, StageId stage, Instant now) {
        readAnew(id);
        jdbc.sql("update approval_stages set reminded_at = ? where id = ?")
                .params(Timestamp.from(now), stage.value())
                .update();
    }

    /** Notes that others are asked too. */
    public void markEscalated(ApprovalId id, StageId stage, Instant now) {
        readAnew(id);
        jdbc.sql("update approval_stages set escalated_at = ? where id = ?")
                .params(Timestamp.from(now), stage.value())
                .update();
    }

    /** Notes when to look at an approval next. */
    public void setAttention(ApprovalId id, Optional<Instant> due) {
        jdbc.sql("update approvals set attention_due_at = ? where id = ?")
                .params(due.map(Timestamp::from).orElse(null), id.value())
                .update();
    }

    /** @return approvals to look at now, the longest due first */
    public List<ApprovalId> due(Instant now, int limit) {
        return jdbc.sql("select id from approvals where attention_due_at <= ? order by attention_due_at limit ?")
                .params(Timestamp.from(now), limit)
                .query((row, n) -> new ApprovalId(row.getObject("id", UUID.class)))
                .list();
    }

    /** @return whether the approval is still to be looked at, and is held now so that no other node does meanwhile */
    public boolean lockDue(ApprovalId id, Instant now) {
        return jdbc.sql("""
                        select id from approvals where id = ? and attention_due_at <= ?
                        for no key update skip locked""")
                .params(id.value(), Timestamp.from(now))
                .query(UUID.class)
                .optional()
                .isPresent();
    }

    /** Notes that the approval's process goes on to carry it out. */
    public void markReleased(ApprovalId id, Instant now) {
        change(id, approval -> approval.released(now));
        jdbc.sql("update approvals set released_at = ? where id = ?")
                .params(Timestamp.from(now), id.value())
                .update();
    }

    /** Notes that the first write to the target is committed to. */
    public void markCarriedOut(ApprovalId id, Instant now) {
        change(id, approval -> approval.carriedOut(now));
        jdbc.sql("""
                        update approvals
                        set released_at = coalesce(released_at, ?), carried_out_at = ?, attention_due_at = null,
                            stuck_reason = null
                        where id = ?""")
                .params(Timestamp.from(now), Timestamp.from(now), id.value())
                .update();
    }

    private void change(ApprovalId id, UnaryOperator<Approval> change) {
        held.change(id, approval -> approval.map(change));
    }

    private void readAnew(ApprovalId id) {
        held.change(id, approval -> Optional.empty());
    }

    private List<Approval> read(PageQuery query) {
        return read(query.sql(), query.params());
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
        Map<UUID, List<FormerDecision>> former = former(rows.values());
        Map<UUID, List<Question>> questions = questions(rows.values());
        Map<UUID, Map<UUID, Stage>> stages = new LinkedHashMap<>();
        // A stage has a row for each of its decisions.
        BinaryOperator<Stage> withNextDecision =
                (stage, next) -> stage.decided(next.decisions().get(0));
        // One is asked for plainly: PostgreSQL plans a search for any of several anew each time.
        String which = ids.length == 1 ? "= ?" : "= any (?)";
        jdbc.sql("""
                        select s.*, d.verdict, d.decided_by, d.on_behalf_of, d.decided_at, d.comment, d.override, d.origin
                        from approval_stages s left join approval_decisions d on d.stage_id = s.id
                        where s.approval_id %s order by s.stage_order, d.id""".formatted(which))
                .param(ids.length == 1 ? ids[0] : ids)
                .query((row, n) -> stages.computeIfAbsent(
                                row.getObject("approval_id", UUID.class), id -> new LinkedHashMap<>())
                        .merge(row.getObject("id", UUID.class), stage(row, former), withNextDecision))
                .list();
        return rows.values().stream()
                .map(row -> row.toApproval(
                        stages.getOrDefault(row.id(), Map.of()).values(), questions.getOrDefault(row.id(), List.of())))
                .toList();
    }

    /** @return the decisions that no longer stand, by stage; few requests have any */
    private Map<UUID, List<FormerDecision>> former(Collection<Row> rows) {
        UUID[] ids = rows.stream().filter(Row::hasFormer).map(Row::id).toArray(UUID[]::new);
        Map<UUID, List<FormerDecision>> former = new LinkedHashMap<>();
        if (ids.length > 0) {
            jdbc.sql("""
                            select d.* from approval_former_decisions d join approval_stages s on s.id = d.stage_id
                            where s.approval_id = any (?) order by d.id""")
                    .param(ids)
                    .query((row, n) -> former.computeIfAbsent(
                                    row.getObject("stage_id", UUID.class), id -> new ArrayList<>())
                            .add(new FormerDecision(
                                    decision(row),
                                    FormerDecision.End.find(row.getString("ended_how"))
                                            .orElseThrow(),
                                    row.getTimestamp("ended_at").toInstant(),
                                    Optional.ofNullable(row.getString("ended_by"))
                                            .map(UserId::new),
                                    row.getString("reason"))))
                    .list();
        }
        return former;
    }

    /** @return the questions to submitters, by approval; few requests have any */
    private Map<UUID, List<Question>> questions(Collection<Row> rows) {
        UUID[] ids = rows.stream().filter(Row::hasQuestions).map(Row::id).toArray(UUID[]::new);
        Map<UUID, List<Question>> questions = new LinkedHashMap<>();
        if (ids.length > 0) {
            jdbc.sql("select * from approval_questions where approval_id = any (?) order by asked_at, id")
                    .param(ids)
                    .query((row, n) -> questions
                            .computeIfAbsent(row.getObject("approval_id", UUID.class), id -> new ArrayList<>())
                            .add(question(row)))
                    .list();
        }
        return questions;
    }

    private static Question question(ResultSet row) throws SQLException {
        return new Question(
                row.getObject("id", UUID.class),
                new StageId(row.getObject("stage_id", UUID.class)),
                new UserId(row.getString("asked_by")),
                Optional.ofNullable(row.getString("on_behalf_of")).map(UserId::new),
                row.getTimestamp("asked_at").toInstant(),
                row.getString("question"),
                Optional.ofNullable(row.getString("task_id")),
                Optional.ofNullable(row.getTimestamp("closed_at")).map(Timestamp::toInstant),
                Optional.ofNullable(row.getString("closed_by")).map(UserId::new),
                Optional.ofNullable(row.getString("answer")));
    }

    private static Stage stage(ResultSet row, Map<UUID, List<FormerDecision>> former) throws SQLException {
        return new Stage(
                new StageId(row.getObject("id", UUID.class)),
                row.getInt("stage_order"),
                Permission.of(row.getString("required_permission")),
                TeamScope.find(row.getString("team_scope")).orElseThrow(),
                row.getInt("min_approvers"),
                StageStatus.find(row.getString("status")).orElseThrow(),
                Optional.ofNullable(row.getString("task_id")),
                row.getString("verdict") == null ? List.of() : List.of(decision(row)),
                List.copyOf(former.getOrDefault(row.getObject("id", UUID.class), List.of())),
                instant(row, "opened_at"),
                instant(row, "reminded_at"),
                instant(row, "escalated_at"));
    }

    private static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getTimestamp(column)).map(Timestamp::toInstant);
    }

    private static Decision decision(ResultSet row) throws SQLException {
        return new Decision(
                DecisionKind.find(row.getString("verdict")).orElseThrow(),
                new UserId(row.getString("decided_by")),
                Optional.ofNullable(row.getString("on_behalf_of")).map(UserId::new),
                row.getTimestamp("decided_at").toInstant(),
                row.getString("comment"),
                row.getBoolean("override"),
                row.getString("origin"));
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
            Principal submitter,
            Optional<TeamId> submitterTeam,
            Instant submittedAt,
            Optional<Instant> closedAt,
            Optional<Instant> releasedAt,
            Optional<Instant> carriedOutAt,
            String content,
            String contentHash,
            Optional<String> currentContent,
            boolean distinctApprovers,
            String policyHash,
            Optional<String> stuckReason,
            int round,
            boolean hasFormer,
            boolean hasQuestions,
            WaitingPolicy waiting) {

        static Row of(ResultSet row) throws SQLException {
            return new Row(
                    row.getObject("id", UUID.class),
                    new EntityType(row.getString("entity_type")),
                    row.getString("entity_id"),
                    row.getString("entity_name"),
                    row.getString("action"),
                    Scope.parse(row.getString("scope")),
                    ApprovalStatus.find(row.getString("status")).orElseThrow(),
                    new Principal(Principal.Kind.of(row.getString("submitter_type")), row.getString("submitter")),
                    Optional.ofNullable(row.getString("submitter_team")).map(TeamId::new),
                    row.getTimestamp("submitted_at").toInstant(),
                    Optional.ofNullable(row.getTimestamp("closed_at")).map(Timestamp::toInstant),
                    Optional.ofNullable(row.getTimestamp("released_at")).map(Timestamp::toInstant),
                    Optional.ofNullable(row.getTimestamp("carried_out_at")).map(Timestamp::toInstant),
                    row.getString("content"),
                    row.getString("content_hash"),
                    Optional.ofNullable(row.getString("current_content")),
                    row.getBoolean("distinct_approvers"),
                    row.getString("policy_hash"),
                    Optional.ofNullable(row.getString("stuck_reason")),
                    row.getInt("round"),
                    row.getBoolean("has_former"),
                    row.getBoolean("has_questions"),
                    new WaitingPolicy(
                            row.getString("remind_after"),
                            row.getString("escalate_after"),
                            row.getString("escalate_to"),
                            row.getString("valid_for"),
                            row.getString("notify")));
        }

        Approval toApproval(Collection<Stage> stages, List<Question> questions) {
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
                    releasedAt,
                    carriedOutAt,
                    content,
                    contentHash,
                    currentContent,
                    distinctApprovers,
                    policyHash,
                    stuckReason,
                    List.copyOf(stages),
                    round,
                    List.copyOf(questions),
                    waiting);
        }
    }
}
