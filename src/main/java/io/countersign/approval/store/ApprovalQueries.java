package io.countersign.approval.store;

import io.countersign.api.paging.Keyset;
import io.countersign.api.paging.Page;
import io.countersign.api.paging.PageQuery;
import io.countersign.api.paging.PageRequest;
import io.countersign.approval.Approval;
import io.countersign.approval.ApprovalId;
import io.countersign.approval.ApprovalStatus;
import io.countersign.approval.EntityType;
import io.countersign.identity.Permission;
import io.countersign.identity.Principal;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Finds approvals. Applies no rules; only excludes what no rule could allow. */
@Component
@Transactional(propagation = Propagation.MANDATORY)
public class ApprovalQueries {

    private static final Keyset<Approval> NEWEST_FIRST =
            Keyset.newestFirst("a.submitted_at", "a.id", PageRequest.Key::uuid, ApprovalQueries::key);
    private static final Keyset<Approval> OLDEST_FIRST =
            Keyset.oldestFirst("a.submitted_at", "a.id", PageRequest.Key::uuid, ApprovalQueries::key);

    private final JdbcClient jdbc;

    ApprovalQueries(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Finds pending approvals that may become stuck, or cease to be, when a person's membership changes. Excludes only
     * what no rule could affect.
     *
     * @param user the member, whose own requests are excluded
     * @param lost the permissions they had there before
     * @param gained the permissions they have there now
     * @return those whose open stage requires one of them or has escalated
     */
    public List<Approval> pendingIn(Scope scope, UserId user, Set<Permission> lost, Set<Permission> gained) {
        return where("""
                        a.scope = ? and a.status = 'pending'
                          and not (a.submitter = ? and a.submitter_type = 'person')
                          and exists (
                              select from approval_stages s
                              where s.approval_id = a.id and s.status = 'pending'
                                and (s.escalated_at is not null
                                     or s.required_permission = any (?)
                                     or a.stuck_reason is not null and s.required_permission = any (?)))""", scope.toString(), user.value(), names(lost), names(gained))
                .list(jdbc, ApprovalRows::approval);
    }

    private static String[] names(Set<Permission> permissions) {
        return permissions.stream()
                .filter(Permission::decides)
                .map(Permission::wireName)
                .toArray(String[]::new);
    }

    /**
     * Marks approvals to be checked after the current transaction commits, as it may leave them stuck or no longer
     * stuck.
     */
    public void markToAssess(Collection<ApprovalId> ids) {
        jdbc.sql("""
                        insert into approvals_to_assess (approval_id) select unnest(?)
                        on conflict do nothing""")
                .param(ids.stream().map(ApprovalId::value).toArray(UUID[]::new))
                .update();
    }

    /** Removes the mark of an approval that was checked. */
    public void markAssessed(ApprovalId id) {
        jdbc.sql("delete from approvals_to_assess where approval_id = ?")
                .param(id.value())
                .update();
    }

    /** @return the marked approvals, longest marked first */
    public List<ApprovalId> toAssess(int limit) {
        return jdbc.sql("select approval_id from approvals_to_assess order by noted_at limit ?")
                .param(limit)
                .query((row, n) -> new ApprovalId(row.getObject("approval_id", UUID.class)))
                .list();
    }

    /** How many of a scope's newest requests are searched for recent deciders. */
    private static final int TELLING = 200;

    /**
     * @return at most this many of some people who decided requests of a kind in a scope, most recent decision first
     */
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

    /** @return a person's pending approvals in a scope, except those whose process was ended */
    public List<Approval> pendingOf(UserId submitter, Scope scope) {
        return where("""
                        a.scope = ? and a.submitter = ? and a.submitter_type = 'person' and a.status = 'pending'
                          and a.stuck_reason is distinct from ?""", scope.toString(), submitter.value(), Approval.PROCESS_ENDED)
                .list(jdbc, ApprovalRows::approval);
    }

    /**
     * The filter of a list of approvals.
     *
     * @param visibleScopes the scopes that the reader may see; empty if all
     * @param visibleSubmitter the person whose requests are visible in any scope
     * @param scope only this scope
     * @param status only this status
     * @param entityType only this kind of thing
     * @param entityId only the thing with this id
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
     * A kind of stage that a person may decide.
     *
     * @param scope the scope of the approval
     * @param permission the permission that the stage requires; empty for stages that have escalated
     */
    public record Power(Scope scope, Optional<Permission> permission) {}

    /** @return approvals, newest first */
    public Page<Approval> list(Filter filter, PageRequest page) {
        if (filter.visibleScopes().isEmpty()) {
            return narrow(where("true"), filter).page(jdbc, ApprovalRows::approval, NEWEST_FIRST, page);
        }
        // The newest of each scope, then the newest of these: each part is read from its index in order, so that the
        // cost of a page does not depend on the number of approvals that the reader may not see.
        PageQuery inScopes = narrow(PageQuery.of("select a.id from approvals a where a.scope = visible.scope"), filter)
                .cut(NEWEST_FIRST, page.after(), page.limit() + 1);
        PageQuery own = narrow(
                        PageQuery.of(
                                "select a.id from approvals a where a.submitter = ? and a.submitter_type = 'person'",
                                filter.visibleSubmitter().map(UserId::value).orElse("")),
                        filter)
                .cut(NEWEST_FIRST, page.after(), page.limit() + 1);
        String[] scopes =
                filter.visibleScopes().get().stream().map(Scope::toString).toArray(String[]::new);
        return where("""
                        a.id in (
                            select newest.id
                            from unnest(?::text[]) as visible (scope)
                            cross join lateral (%s) newest
                            union
                            (%s))""".formatted(inScopes.sql(), own.sql()), (Object) scopes)
                .with(inScopes, own)
                .page(jdbc, ApprovalRows::approval, NEWEST_FIRST, new PageRequest(page.limit(), Optional.empty()));
    }

    private static PageQuery narrow(PageQuery query, Filter filter) {
        query.andIf("a.scope = ?", filter.scope().map(Scope::toString));
        // A literal, since PostgreSQL does not use a partial index on a status for a parameter.
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
     * Finds pending approvals by what their open stage requires. The caller applies the rules; this only excludes what
     * no rule could allow.
     *
     * @param powers the stages that the reader, or the people they stand in for, may decide
     * @param notBy the submitters whose requests are excluded
     * @param filter further conditions; its visible scopes are ignored, and it has no status
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
        return where(
                        """
                        a.id in (
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
                .cut(NEWEST_FIRST, Optional.empty(), limit)
                .list(jdbc, ApprovalRows::approval);
    }

    /** @return the stuck approvals, oldest first */
    public Page<Approval> listStuck(PageRequest page) {
        return where("a.stuck_reason is not null").page(jdbc, ApprovalRows::approval, OLDEST_FIRST, page);
    }

    /** @return those approvals that are not pending and were closed before a time */
    public Set<ApprovalId> closedBefore(Instant time, Collection<ApprovalId> ids) {
        return jdbc.sql("select id from approvals where id = any (?) and status <> 'pending' and closed_at < ?")
                .params(ids.stream().map(ApprovalId::value).toArray(UUID[]::new), Timestamp.from(time))
                .query((row, n) -> new ApprovalId(row.getObject("id", UUID.class)))
                .set();
    }

    private static PageQuery where(String condition, Object... params) {
        return PageQuery.of(ApprovalRows.SELECT + "where " + condition, params);
    }

    /** @return the page key of an approval in lists ordered by submission */
    public static PageRequest.Key key(Approval approval) {
        return PageRequest.Key.of(approval.submittedAt(), approval.id());
    }

    /** @return the approvals due for a check, longest due first */
    public List<ApprovalId> due(Instant now, int limit) {
        return jdbc.sql("select id from approvals where attention_due_at <= ? order by attention_due_at limit ?")
                .params(Timestamp.from(now), limit)
                .query((row, n) -> new ApprovalId(row.getObject("id", UUID.class)))
                .list();
    }
}
