package io.countersign.approval.archive;

import io.countersign.api.paging.PageRequest;
import io.countersign.approval.ApprovalId;
import io.countersign.approval.ApprovalStatus;
import io.countersign.approval.EntityType;
import io.countersign.identity.Principal;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Moves finished requests out of the tables that pages and rules read, each as one document, and copies one back on
 * demand. The next clean-up archives it again. Code that works with approvals thus needs no knowledge of the archive.
 * The audit trail is not touched.
 */
@Component
public class ApprovalArchive {

    /** The tables whose rows make up a request, with the condition that finds them by request ids. Parents first. */
    private static final Map<String, String> TABLES = tables();

    private final JdbcClient jdbc;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    ApprovalArchive(JdbcClient jdbc, ApplicationEventPublisher events, Clock clock) {
        this.jdbc = jdbc;
        this.events = events;
        this.clock = clock;
    }

    private static Map<String, String> tables() {
        String ofStages = "stage_id in (select id from approval_stages where approval_id = any (?))";
        Map<String, String> tables = new LinkedHashMap<>();
        tables.put("approvals", "id = any (?)");
        tables.put("approval_stages", "approval_id = any (?)");
        tables.put("approval_decisions", ofStages);
        tables.put("approval_former_decisions", ofStages);
        tables.put("approval_comments", "approval_id = any (?)");
        tables.put("approval_questions", "approval_id = any (?)");
        return tables;
    }

    /** @return the tables whose rows make up a request */
    public static Collection<String> tableNames() {
        return TABLES.keySet();
    }

    /**
     * Archives requests that were rejected, cancelled or carried out before a time. Requests that were approved but not
     * carried out stay, however old. Several nodes may do this concurrently.
     *
     * @param before the time
     * @param limit at most this many
     * @return how many
     */
    @Transactional
    public int archive(Instant before, int limit) {
        UUID[] ids = jdbc.sql("""
                        select id from approvals
                        where status <> 'pending' and closed_at < ?
                          and (status <> 'approved' or carried_out_at < ?)
                        order by closed_at limit ? for update skip locked""")
                .params(Timestamp.from(before), Timestamp.from(before), limit)
                .query(UUID.class)
                .list()
                .toArray(UUID[]::new);
        if (ids.length == 0) {
            return 0;
        }
        events.publishEvent(
                new ApprovalsArchived(List.of(ids).stream().map(ApprovalId::new).toList()));
        jdbc.sql("""
                        insert into archived_approvals (id, scope, entity_type, entity_id, entity_name, action, status,
                                                        submitter, submitter_type, submitted_at, closed_at, archived_at,
                                                        document)
                        select a.id, a.scope, a.entity_type, a.entity_id, a.entity_name, a.action, a.status,
                               a.submitter, a.submitter_type, a.submitted_at, a.closed_at, ?,
                               jsonb_build_object('approvals', jsonb_build_array(to_jsonb(a)))
                        from approvals a where a.id = any (?)
                        on conflict (id) do update set document = excluded.document""").params(Timestamp.from(clock.instant()), ids).update();
        List<String> children = TABLES.keySet().stream().skip(1).toList();
        for (String table : children) {
            String key = TABLES.get(table).startsWith("approval_id")
                    ? "t.approval_id"
                    : "(select s.approval_id from approval_stages s where s.id = t.stage_id)";
            jdbc.sql("""
                            update archived_approvals r
                            set document = r.document || jsonb_build_object('%1$s', c.rows)
                            from (select %2$s as approval_id, jsonb_agg(to_jsonb(t)) as rows
                                  from %1$s t where %3$s group by 1) c
                            where r.id = c.approval_id""".formatted(table, key, TABLES.get(table))).param(ids).update();
        }
        List<String> childrenFirst = new ArrayList<>(TABLES.keySet());
        Collections.reverse(childrenFirst);
        childrenFirst.forEach(table -> jdbc.sql("delete from " + table + " where " + TABLES.get(table))
                .param(ids)
                .update());
        return ids.length;
    }

    /**
     * Copies a request back from the archive in a separate transaction, so that the caller's next statement finds it.
     *
     * @return whether there was one
     */
    @Transactional(propagation = Propagation.REQUIRES_NEW)
    public boolean copyBack(ApprovalId id) {
        boolean known = jdbc.sql("select count(*) from archived_approvals where id = ?")
                        .param(id.value())
                        .query(Integer.class)
                        .single()
                == 1;
        if (known) {
            TABLES.keySet().forEach(table -> copyBack(id, table));
        }
        return known;
    }

    /** Columns added since get their defaults, and columns dropped since are omitted. */
    private void copyBack(ApprovalId id, String table) {
        String columns = jdbc.sql("""
                        select quote_ident(column_name) from information_schema.columns
                        where table_schema = 'countersign' and table_name = ?
                          and exists (select 1 from archived_approvals r
                                      where r.id = ? and jsonb_exists(r.document->?->0, column_name))
                        order by ordinal_position""").params(table, id.value(), table).query(String.class).list().stream()
                .collect(Collectors.joining(", "));
        if (columns.isEmpty()) {
            return;
        }
        jdbc.sql("""
                        insert into %1$s (%2$s) overriding system value
                        select %2$s from jsonb_populate_recordset(null::%1$s,
                            (select r.document->'%1$s' from archived_approvals r where r.id = ?))
                        on conflict do nothing""".formatted(table, columns)).param(id.value()).update();
    }

    /**
     * @param visibleScopes the scopes that the reader may see; empty if all
     * @param submitter the person whose requests are visible in any scope
     * @param after the last request of the page before
     * @param limit at most this many
     * @return archived requests, newest first
     */
    @Transactional(readOnly = true)
    public List<ArchivedApproval> list(
            Optional<Collection<Scope>> visibleScopes, UserId submitter, Optional<PageRequest.Key> after, int limit) {
        List<Object> params = new ArrayList<>();
        String keyset = after.map(key -> " and (a.submitted_at, a.id) < (?, ?)").orElse("")
                + " order by a.submitted_at desc, a.id desc limit ?";
        List<Object> position = new ArrayList<>();
        after.ifPresent(key -> {
            position.add(Timestamp.from(key.time()));
            position.add(key.uuid());
        });
        position.add(limit);
        String where = "true" + keyset;
        if (visibleScopes.isPresent()) {
            // Each part is read from its index in order, regardless of the size of the archive.
            where = """
                    a.id in (
                        select n.id from unnest(?::text[]) as v (scope)
                        cross join lateral (
                            select a.id from archived_approvals a where a.scope = v.scope %1$s) n
                        union
                        (select a.id from archived_approvals a where a.submitter = ? and a.submitter_type = 'person' %1$s))
                    order by a.submitted_at desc, a.id desc limit ?""".formatted(keyset);
            params.add(visibleScopes.get().stream().map(Scope::toString).toArray(String[]::new));
            params.addAll(position);
            params.add(submitter.value());
            params.addAll(position);
            params.add(limit);
        } else {
            params.addAll(position);
        }
        return jdbc.sql("""
                        select a.id, a.scope, a.entity_type, a.entity_id, a.entity_name, a.action, a.status,
                               a.submitter, a.submitter_type, a.submitted_at, a.closed_at, a.archived_at
                        from archived_approvals a where\s""" + where)
                .params(params)
                .query((row, n) -> new ArchivedApproval(
                        new ApprovalId(row.getObject("id", UUID.class)),
                        Scope.parse(row.getString("scope")),
                        new EntityType(row.getString("entity_type")),
                        row.getString("entity_id"),
                        row.getString("entity_name"),
                        row.getString("action"),
                        ApprovalStatus.find(row.getString("status")).orElseThrow(),
                        new Principal(Principal.Kind.of(row.getString("submitter_type")), row.getString("submitter")),
                        row.getTimestamp("submitted_at").toInstant(),
                        row.getTimestamp("closed_at").toInstant(),
                        row.getTimestamp("archived_at").toInstant()))
                .list();
    }
}
