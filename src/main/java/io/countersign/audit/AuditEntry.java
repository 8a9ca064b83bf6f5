package io.countersign.audit;

import com.fasterxml.jackson.annotation.JsonRawValue;
import java.time.Instant;

/**
 * One line of the trail.
 *
 * @param id grows with time
 * @param at when it happened
 * @param actor who did it: a user's name, an orchestrator's client id, or {@code system}
 * @param actorType which kind of principal that is, such as {@code person}; null in entries from before it was noted
 * @param action what was done, such as {@code approve}
 * @param entityType to what kind of thing, such as {@code cluster}
 * @param entityId to which one
 * @param entityName its name for people
 * @param scope whose trail this is, such as {@code organization:acme}
 * @param origin from where, such as {@code mail}
 * @param ipAddress the address the request came from; null for the system's own work
 * @param details what else is worth knowing, as a JSON object
 * @param before what was there before, as a JSON object; null for something new or if nothing was changed
 * @param after what is there now, as a JSON object; null for something deleted or if nothing was changed
 * @param sequence its place in the chain, from 1; null for the second or so until it is sealed
 * @param sealedAt when it was sealed; null until then
 * @param previousHash the hash of the entry before it in the chain; null until it is sealed
 * @param hash its own hash; null until it is sealed
 */
public record AuditEntry(
        long id,
        Instant at,
        String actor,
        String actorType,
        String action,
        String entityType,
        String entityId,
        String entityName,
        String scope,
        String origin,
        String ipAddress,
        @JsonRawValue String details,
        @JsonRawValue String before,
        @JsonRawValue String after,
        Long sequence,
        Instant sealedAt,
        String previousHash,
        String hash) {

    /** @return whether it says what was there before or is there now */
    public boolean changes() {
        return before != null || after != null;
    }
}
