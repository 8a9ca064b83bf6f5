package io.countersign.audit;

import com.fasterxml.jackson.annotation.JsonRawValue;
import java.time.Instant;

/**
 * One line of the trail.
 *
 * @param id grows with time
 * @param at when it happened
 * @param actor the actor: a user's name, an orchestrator's client id, or {@code system}
 * @param actorType the actor's kind of principal, such as {@code person}; null in entries that predate this field
 * @param action the action, such as {@code approve}
 * @param entityType the subject's type, such as {@code cluster}
 * @param entityId the subject's id
 * @param entityName the subject's display name
 * @param scope the scope of the trail, such as {@code organization:acme}
 * @param origin the origin, such as {@code mail}
 * @param ipAddress the address the request came from; null for the system's own work
 * @param details further details, as a JSON object
 * @param before the state before, as a JSON object; null for something new or if nothing was changed
 * @param after the state after, as a JSON object; null for something deleted or if nothing was changed
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

    /** @return whether it contains a state before or after */
    public boolean changes() {
        return before != null || after != null;
    }
}
