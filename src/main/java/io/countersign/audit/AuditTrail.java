package io.countersign.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.countersign.api.Page;
import io.countersign.api.PageRequest;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Writes and reads the trail. An entry commits with what it tells of, or not at all. */
@Component
public class AuditTrail {

    private static final Logger log = LoggerFactory.getLogger(AuditTrail.class);

    private final JdbcClient jdbc;
    private final ObjectMapper json;
    private final Clock clock;
    private final AuditReaders readers;
    private final ApplicationEventPublisher events;

    AuditTrail(
            JdbcClient jdbc, ObjectMapper json, Clock clock, AuditReaders readers, ApplicationEventPublisher events) {
        this.jdbc = jdbc;
        this.json = json;
        this.clock = clock;
        this.readers = readers;
        this.events = events;
    }

    /**
     * Adds an entry in the current transaction. Actor, origin and address are those of the request being served.
     *
     * @param action what was done, such as {@code approve}
     * @param entityType to what kind of thing
     * @param entityId to which one
     * @param entityName its name for people
     * @param scope whose trail this is, such as {@code organization:acme}
     * @param details what else is worth knowing; must be writable as JSON and hold no secret
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public void record(
            String action,
            String entityType,
            String entityId,
            String entityName,
            String scope,
            Map<String, ?> details) {
        String actor = currentActor();
        Origin origin = Origin.current();
        jdbc.sql("""
                        insert into audit_entries
                            (at, actor, action, entity_type, entity_id, entity_name, scope, origin, ip_address, details)
                        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb)""")
                .params(
                        Timestamp.from(clock.instant()),
                        actor,
                        action,
                        entityType,
                        entityId,
                        entityName,
                        scope,
                        origin.wireName(),
                        Origin.currentAddress().orElse(null),
                        write(details))
                .update();
        log.info(
                "audit action={} entity_type={} entity_id={} scope={} actor={} origin={}",
                action,
                entityType,
                entityId,
                scope,
                actor,
                origin.wireName());
        events.publishEvent(new AuditRecorded(action, entityType, origin));
    }

    /**
     * Reads the part of the trail that a person may see, newest first.
     *
     * @param reader who asks
     * @param filter what to leave out
     * @param page which page
     * @return the page; empty for someone who may read nothing
     */
    @Transactional(readOnly = true)
    public Page<AuditEntry> find(String reader, Filter filter, PageRequest page) {
        StringBuilder sql = new StringBuilder("""
                select id, at, actor, action, entity_type, entity_id, entity_name, scope, origin, ip_address, details
                from audit_entries where true""");
        List<Object> params = new ArrayList<>();
        if (!readers.readsEverything(reader)) {
            sql.append(" and scope = any (?)");
            params.add(readers.scopesReadBy(reader).toArray(String[]::new));
        }
        filter.entityType().ifPresent(value -> add(sql, params, " and entity_type = ?", value));
        filter.entityId().ifPresent(value -> add(sql, params, " and entity_id = ?", value));
        filter.actor().ifPresent(value -> add(sql, params, " and actor = ?", value));
        page.after().ifPresent(key -> add(sql, params, " and id < ?", Long.valueOf(key.id())));
        sql.append(" order by id desc limit ?");
        params.add(page.limit() + 1);
        List<AuditEntry> rows = jdbc.sql(sql.toString())
                .params(params)
                .query((row, n) -> new AuditEntry(
                        row.getLong("id"),
                        row.getTimestamp("at").toInstant(),
                        row.getString("actor"),
                        row.getString("action"),
                        row.getString("entity_type"),
                        row.getString("entity_id"),
                        row.getString("entity_name"),
                        row.getString("scope"),
                        row.getString("origin"),
                        row.getString("ip_address"),
                        row.getString("details")))
                .list();
        return Page.of(
                rows, page.limit(), entry -> new PageRequest.Key(entry.at(), Long.toString(entry.id())).toCursor());
    }

    /**
     * What to look for in the trail.
     *
     * @param entityType only entries about this kind of thing
     * @param entityId only entries about this one
     * @param actor only entries by this person
     */
    public record Filter(Optional<String> entityType, Optional<String> entityId, Optional<String> actor) {}

    private static void add(StringBuilder sql, List<Object> params, String condition, Object value) {
        sql.append(condition);
        params.add(value);
    }

    private static String currentActor() {
        Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
        return authentication == null || authentication instanceof AnonymousAuthenticationToken
                ? "system"
                : authentication.getName();
    }

    private String write(Map<String, ?> details) {
        try {
            return json.writeValueAsString(details);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("Audit details must be writable as JSON", e);
        }
    }
}
