package io.countersign.audit;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.api.paging.PageQuery;
import io.countersign.chain.Canonical;
import io.countersign.chain.Link;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/** Queries for entries, and the part of them that is hashed. */
final class EntryRows {

    /** Columns of an entry {@code e} and its seal {@code s}, if it has one. */
    static final String COLUMNS = """
            e.id, e.at, e.actor, e.actor_type, e.action, e.entity_type, e.entity_id, e.entity_name, e.scope, e.origin,
            e.ip_address, e.details::text as details, e.before::text as before, e.after::text as after,
            s.sequence, s.sealed_at, s.previous_hash, s.hash
            """;

    /** The columns of a table of entries, as in JSON. */
    static final List<String> NAMES = List.of(
            "sequence",
            "id",
            "at",
            "actor",
            "actor_type",
            "action",
            "entity_type",
            "entity_id",
            "entity_name",
            "scope",
            "origin",
            "ip_address",
            "details",
            "before",
            "after",
            "sealed_at",
            "previous_hash",
            "hash");

    private EntryRows() {}

    /** @return what a table of entries shows under {@link #NAMES} */
    static List<Object> values(AuditEntry entry) {
        return Arrays.asList(
                entry.sequence(),
                entry.id(),
                entry.at(),
                entry.actor(),
                entry.actorType(),
                entry.action(),
                entry.entityType(),
                entry.entityId(),
                entry.entityName(),
                entry.scope(),
                entry.origin(),
                entry.ipAddress(),
                entry.details(),
                entry.before(),
                entry.after(),
                entry.sealedAt(),
                entry.previousHash(),
                entry.hash());
    }

    static AuditEntry entry(ResultSet row) throws SQLException {
        return new AuditEntry(
                row.getLong("id"),
                row.getTimestamp("at").toInstant(),
                row.getString("actor"),
                row.getString("actor_type"),
                row.getString("action"),
                row.getString("entity_type"),
                row.getString("entity_id"),
                row.getString("entity_name"),
                row.getString("scope"),
                row.getString("origin"),
                row.getString("ip_address"),
                row.getString("details"),
                row.getString("before"),
                row.getString("after"),
                row.getObject("sequence", Long.class),
                instant(row, "sealed_at"),
                row.getString("previous_hash"),
                row.getString("hash"));
    }

    /** @return a place in the chain with the entry found there; without an entry if it is gone */
    static Link link(ResultSet row) throws SQLException {
        row.getLong("id");
        boolean gone = row.wasNull();
        return new Link(
                row.getLong("sequence"),
                row.getString("previous_hash"),
                row.getString("hash"),
                gone ? null : content(entry(row), instant(row, "sealed_at")));
    }

    /**
     * @param sealedAt when the entry is or was sealed
     * @return everything known of an entry except its place in the chain
     */
    static ObjectNode content(AuditEntry entry, Instant sealedAt) {
        ObjectNode content = JsonNodeFactory.instance.objectNode();
        content.put("id", entry.id());
        content.put("at", entry.at().toString());
        content.put("actor", entry.actor());
        // Entries that predate this field were hashed without it.
        if (entry.actorType() != null) {
            content.put("actor_type", entry.actorType());
        }
        content.put("action", entry.action());
        content.put("entity_type", entry.entityType());
        content.put("entity_id", entry.entityId());
        content.put("entity_name", entry.entityName());
        content.put("scope", entry.scope());
        content.put("origin", entry.origin());
        content.put("ip_address", entry.ipAddress());
        content.set("details", Canonical.read(entry.details()));
        content.set("before", entry.before() == null ? content.nullNode() : Canonical.read(entry.before()));
        content.set("after", entry.after() == null ? content.nullNode() : Canonical.read(entry.after()));
        content.put("sealed_at", sealedAt.toString());
        return content;
    }

    /**
     * @param select a statement about an entry {@code e}, up to its conditions
     * @return the same statement, restricted to a filter and to what its reader may see
     */
    static PageQuery narrow(String select, AuditFilter filter, AuditReaders readers, String reader) {
        PageQuery query = PageQuery.of(select + " where true");
        if (!readers.readsEverything(reader)) {
            query.and("e.scope = any (?)", (Object) readers.scopesReadBy(reader).toArray(String[]::new));
        }
        return query.andIf("e.actor = ?", filter.actor())
                .andIf("e.entity_type = ?", filter.entityType())
                .andIf("e.entity_id = ?", filter.entityId())
                .andIf("position(lower(?) in lower(e.entity_name)) > 0", filter.entityName())
                .andIf("e.action = ?", filter.action())
                .andIf("e.scope = ?", filter.scope())
                .andIf("e.origin = ?", filter.origin())
                .andIf("e.at >= ?", filter.from().map(Timestamp::from))
                .andIf("e.at < ?", filter.to().map(Timestamp::from));
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        Timestamp time = row.getTimestamp(column);
        return time == null ? null : time.toInstant();
    }
}
