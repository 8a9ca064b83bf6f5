package io.countersign.audit;

import io.countersign.api.problem.InvalidInput;
import java.time.Instant;
import java.util.Optional;

/**
 * A filter for the trail.
 *
 * @param actor only entries by this person
 * @param entityType only entries about this type of subject
 * @param entityId only entries about this subject
 * @param entityName only entries about subjects whose name contains this, ignoring case
 * @param action only entries of this action
 * @param scope only entries of this scope, such as {@code organization:acme}
 * @param origin only entries of this origin, such as {@code mail}
 * @param from only entries at this time or later
 * @param to only entries before this time
 */
public record AuditFilter(
        Optional<String> actor,
        Optional<String> entityType,
        Optional<String> entityId,
        Optional<String> entityName,
        Optional<String> action,
        Optional<String> scope,
        Optional<String> origin,
        Optional<Instant> from,
        Optional<Instant> to) {

    /** Matches everything. */
    public static final AuditFilter NONE = new AuditFilter(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    /** Checks the period. */
    public AuditFilter {
        if (from.isPresent() && to.isPresent() && !from.get().isBefore(to.get())) {
            throw new InvalidInput("to", "must be later than from");
        }
    }

    /** @return a filter for the trail of one subject */
    public static AuditFilter about(String entityType, String entityId) {
        return new AuditFilter(
                Optional.empty(),
                Optional.of(entityType),
                Optional.of(entityId),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** @return whether this matches everything */
    public boolean isEmpty() {
        return equals(NONE);
    }
}
