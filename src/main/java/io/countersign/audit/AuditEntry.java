package io.countersign.audit;

import com.fasterxml.jackson.annotation.JsonRawValue;
import java.time.Instant;

/**
 * One line of the trail.
 *
 * @param id grows with time
 * @param at when it happened
 * @param actor who did it: a user's name, an orchestrator's client id, or {@code system}
 * @param action what was done, such as {@code approve}
 * @param entityType to what kind of thing, such as {@code cluster}
 * @param entityId to which one
 * @param entityName its name for people
 * @param scope whose trail this is, such as {@code organization:acme}
 * @param origin from where, such as {@code mail}
 * @param ipAddress the address the request came from; null for the system's own work
 * @param details what else is worth knowing, as a JSON object
 */
public record AuditEntry(
        long id,
        Instant at,
        String actor,
        String action,
        String entityType,
        String entityId,
        String entityName,
        String scope,
        String origin,
        String ipAddress,
        @JsonRawValue String details) {}
