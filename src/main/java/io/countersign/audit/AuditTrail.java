package io.countersign.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.countersign.api.paging.Keyset;
import io.countersign.api.paging.Page;
import io.countersign.api.paging.PageQuery;
import io.countersign.api.paging.PageRequest;
import io.countersign.api.paging.PageRequest.Key;
import io.countersign.api.problem.NotFound;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.SqlParameterValue;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Writes and reads the trail. An entry commits together with the change it describes, or not at all. */
@Component
public class AuditTrail {

    private static final Logger log = LoggerFactory.getLogger(AuditTrail.class);
    private static final int MAX_OF_APPROVAL = 500;

    /** How many of the newest entries provide the filter choices. */
    private static final int CHOICES_FROM = 5000;

    private static final String SELECT =
            "select " + EntryRows.COLUMNS + " from audit_entries e left join audit_seals s on s.entry_id = e.id";

    private static final Keyset<AuditEntry> NEWEST_FIRST =
            Keyset.newestFirst("e.at", "e.id", Key::number, entry -> Key.of(entry.at(), entry.id()));

    private final JdbcClient jdbc;
    private final ObjectMapper json;
    private final Clock clock;
    private final AuditReaders readers;
    private final AuditActors actors;
    private final ApplicationEventPublisher events;

    AuditTrail(
            JdbcClient jdbc,
            ObjectMapper json,
            Clock clock,
            AuditReaders readers,
            AuditActors actors,
            ApplicationEventPublisher events) {
        this.jdbc = jdbc;
        this.json = json;
        this.clock = clock;
        this.readers = readers;
        this.actors = actors;
        this.events = events;
    }

    /**
     * Adds an entry without a change, in the current transaction. Actor, origin and address are those of the current
     * request.
     *
     * @param action the action
     * @param subject its subject
     * @param details further details; must be writable as JSON and contain no secret
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public void record(AuditAction action, AuditSubject subject, Map<String, ?> details) {
        record(action, subject, details, Difference.NONE);
    }

    /**
     * Adds an entry in the current transaction. Actor, origin and address are those of the current request.
     *
     * @param action the action
     * @param subject its subject
     * @param details further details; must be writable as JSON and contain no secret
     * @param difference the states before and after; must contain no secret
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public void record(AuditAction action, AuditSubject subject, Map<String, ?> details, Difference difference) {
        record(actors.current(), action, subject, details, difference);
    }

    /**
     * Adds an entry about signing in, in the current transaction: the actor is not signed in yet.
     *
     * @param actor the actor
     * @param action the action
     * @param subject the identity they sign in with
     * @param details further details; must be writable as JSON and contain no secret
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public void recordBy(AuditActors.Actor actor, AuditAction action, AuditSubject subject, Map<String, ?> details) {
        record(actor, action, subject, details, Difference.NONE);
    }

    /**
     * @param unit the period in which such an entry is recorded only once
     * @return whether a request from the same address added such an entry within that period
     */
    @Transactional(propagation = Propagation.MANDATORY, readOnly = true)
    public boolean notedWithin(Duration unit, AuditAction action, String entityType, String entityId) {
        return jdbc.sql("""
                        select exists (
                            select from audit_entries
                            where entity_type = ? and entity_id = ? and at > ? and action = ?
                              and ip_address is not distinct from ?)""")
                .params(
                        entityType,
                        entityId,
                        Timestamp.from(clock.instant().minus(unit)),
                        action.wireName(),
                        text(Origin.currentAddress().orElse(null)))
                .query(Boolean.class)
                .single();
    }

    /** @return whether the current actor did the same within that time */
    boolean repeated(Duration unit, DeferredAudit.Entry entry) {
        AuditActors.Actor actor = actors.current();
        return jdbc.sql("""
                        select exists (
                            select from audit_entries
                            where entity_type = ? and entity_id = ? and at > ? and action = ?
                              and actor = ? and actor_type = ? and details = ?::jsonb)""")
                .params(
                        entry.subject().type(),
                        entry.subject().id(),
                        Timestamp.from(clock.instant().minus(unit)),
                        entry.action().wireName(),
                        actor.name(),
                        actor.type(),
                        write(entry.details()))
                .query(Boolean.class)
                .single();
    }

    private void record(
            AuditActors.Actor actor,
            AuditAction action,
            AuditSubject subject,
            Map<String, ?> details,
            Difference difference) {
        Origin origin = Origin.current();
        jdbc.sql("""
                        insert into audit_entries
                            (at, actor, actor_type, action, entity_type, entity_id, entity_name, scope, origin,
                             ip_address, details, before, after)
                        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?::jsonb, ?::jsonb)""")
                .params(
                        Timestamp.from(clock.instant()),
                        actor.name(),
                        actor.type(),
                        action.wireName(),
                        subject.type(),
                        subject.id(),
                        subject.name(),
                        subject.scope(),
                        origin.wireName(),
                        text(Origin.currentAddress().orElse(null)),
                        write(details),
                        text(difference.before() == null ? null : write(difference.before())),
                        text(difference.after() == null ? null : write(difference.after())))
                .update();
        log.info(
                "event=audit action={} entity_type={} entity_id={} scope={} actor={} actor_type={} origin={}",
                action.wireName(),
                subject.type(),
                subject.id(),
                subject.scope(),
                actor.name(),
                actor.type(),
                origin.wireName());
        events.publishEvent(new AuditRecorded(action, subject.type(), origin));
    }

    /** Typed even if null, because PostgreSQL would otherwise plan each entry as a different statement. */
    private static SqlParameterValue text(String value) {
        return new SqlParameterValue(Types.VARCHAR, value);
    }

    /**
     * Reads the part of the trail that a person may see, newest first.
     *
     * @param reader the reader
     * @param filter the filter
     * @param page the page
     * @return the page; empty for a person who may read nothing
     */
    @Transactional(readOnly = true)
    public Page<AuditEntry> find(String reader, AuditFilter filter, PageRequest page) {
        return EntryRows.narrow(SELECT, filter, readers, reader)
                .page(jdbc, (row, n) -> EntryRows.entry(row), NEWEST_FIRST, page);
    }

    /**
     * @param approvalId an approval that the reader may see
     * @return its entries, oldest first, without a permission check
     */
    @Transactional(readOnly = true)
    public List<AuditEntry> ofApproval(String entityType, String entityId, String approvalId) {
        return jdbc.sql(SELECT + " " + """
                         where e.entity_type = ? and e.entity_id = ? and e.details ->> 'approval_id' = ?
                        order by e.id limit ?""")
                .params(entityType, entityId, approvalId, MAX_OF_APPROVAL)
                .query((row, n) -> EntryRows.entry(row))
                .list();
    }

    /**
     * The trail's entries about people who act on a request, in chronological order.
     *
     * @param rules changes to the deciders in the request's scope: policies and memberships
     * @param deactivations people whom the submitter deactivated
     * @param invitations who was invited to set their password, and by whom
     */
    public record Surroundings(List<AuditEntry> rules, List<AuditEntry> deactivations, List<AuditEntry> invitations) {}

    /**
     * @param scope where the request is decided, such as {@code project:storefront}
     * @param submitter the person who submitted it, if a person did
     * @param people the people whose invitations to find
     * @return the entries around a request in a period, without a permission check
     */
    @Transactional(readOnly = true)
    public Surroundings around(
            String scope, Optional<String> submitter, Collection<String> people, Instant from, Instant until) {
        List<AuditEntry> entries = jdbc.sql("""
                        %1$s
                        where e.scope = :scope and e.at >= :from and e.at <= :until
                          and (e.entity_type = 'approval_policy' or e.action in ('set_role', 'remove_member'))
                        union all
                        %1$s
                        where e.actor = :submitter and e.at >= :from and e.at <= :until
                          and e.entity_type = 'user' and e.action = :deactivate
                        union all
                        %1$s
                        where e.entity_type = 'user' and e.entity_id = any (:people) and e.action = :invite
                          and e.at >= :from and e.at <= :until
                        order by at, id""".formatted(SELECT))
                .param("scope", scope)
                .param("submitter", submitter.orElse(null), Types.VARCHAR)
                .param("deactivate", AuditAction.DEACTIVATE.wireName())
                .param("people", people.toArray(String[]::new))
                .param("invite", AuditAction.INVITE.wireName())
                .param("from", Timestamp.from(from))
                .param("until", Timestamp.from(until))
                .query((row, n) -> EntryRows.entry(row))
                .list();
        return new Surroundings(
                entries.stream()
                        .filter(entry -> !of(entry, AuditAction.DEACTIVATE) && !of(entry, AuditAction.INVITE))
                        .toList(),
                entries.stream()
                        .filter(entry -> of(entry, AuditAction.DEACTIVATE))
                        .toList(),
                entries.stream().filter(entry -> of(entry, AuditAction.INVITE)).toList());
    }

    private static boolean of(AuditEntry entry, AuditAction action) {
        return entry.entityType().equals("user") && entry.action().equals(action.wireName());
    }

    /**
     * The entries added to the trail since a given entry.
     *
     * @param newest the last entry's id; the starting point for the next call
     * @param scopes the scopes with new entries
     */
    public record News(long newest, Set<String> scopes) {}

    /**
     * @param id an entry's id; negative to learn the newest
     * @return the entries after it, for followers of the trail
     */
    @Transactional(readOnly = true)
    public News since(long id) {
        if (id < 0) {
            return jdbc.sql("select coalesce(max(id), 0) from audit_entries")
                    .query((row, n) -> new News(row.getLong(1), Set.of()))
                    .single();
        }
        long[] newest = {id};
        Set<String> scopes = new HashSet<>();
        jdbc.sql("select scope, max(id) as newest from audit_entries where id > ? group by scope")
                .param(id)
                .query(row -> {
                    scopes.add(row.getString("scope"));
                    newest[0] = Math.max(newest[0], row.getLong("newest"));
                });
        return new News(newest[0], scopes);
    }

    /**
     * @param reader the reader
     * @param id an entry's id
     * @return the entry
     * @throws NotFound if there is none of that id that the reader may see
     */
    @Transactional(readOnly = true)
    public AuditEntry get(String reader, long id) {
        return EntryRows.narrow(SELECT, AuditFilter.NONE, readers, reader)
                .and("e.id = ?", id)
                .list(jdbc, (row, n) -> EntryRows.entry(row))
                .stream()
                .findFirst()
                .orElseThrow(() -> new NotFound("audit entry", Long.toString(id)));
    }

    /**
     * The options of the filters.
     *
     * @param actions actions, such as {@code approve}
     * @param entityTypes kinds of things, such as {@code cluster}
     * @param scopes scopes, such as {@code organization:acme}
     */
    public record Choices(List<String> actions, List<String> entityTypes, List<String> scopes) {}

    /**
     * @param reader the reader
     * @return the values in the newest entries that they may see
     */
    @Transactional(readOnly = true)
    public Choices choices(String reader) {
        PageQuery newest = EntryRows.narrow(
                        "select e.action, e.entity_type, e.scope from audit_entries e",
                        AuditFilter.NONE,
                        readers,
                        reader)
                .cut(NEWEST_FIRST, Optional.empty(), CHOICES_FROM);
        Set<String> actions = new TreeSet<>();
        Set<String> entityTypes = new TreeSet<>();
        Set<String> scopes = new TreeSet<>();
        jdbc.sql("select distinct action, entity_type, scope from (" + newest.sql() + ") newest")
                .params(newest.params())
                .query(row -> {
                    actions.add(row.getString("action"));
                    entityTypes.add(row.getString("entity_type"));
                    scopes.add(row.getString("scope"));
                });
        return new Choices(List.copyOf(actions), List.copyOf(entityTypes), List.copyOf(scopes));
    }

    /**
     * @param reader a signed-in person
     * @return whether they may read any part of the trail
     */
    @Transactional(readOnly = true)
    public boolean isOpenTo(String reader) {
        return readers.readsEverything(reader) || !readers.scopesReadBy(reader).isEmpty();
    }

    private String write(Object value) {
        try {
            return json.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("Audit details must be writable as JSON", e);
        }
    }
}
