package io.countersign.approval;

import io.countersign.identity.UserId;
import java.time.Instant;
import java.util.Optional;

/**
 * What one person decided about a stage.
 *
 * @param kind approve or reject
 * @param decidedBy who
 * @param onBehalfOf the absent approver in whose place they decided, if they stood in for one
 * @param decidedAt when
 * @param comment what they said; never blank for a rejection or an override, otherwise possibly null
 * @param override whether a superadmin decided a stuck stage
 * @param origin from where, such as {@code mail}
 */
public record Decision(
        DecisionKind kind,
        UserId decidedBy,
        Optional<UserId> onBehalfOf,
        Instant decidedAt,
        String comment,
        boolean override,
        String origin) {

    /** A decision that somebody took in nobody's place. */
    public Decision(
            DecisionKind kind, UserId decidedBy, Instant decidedAt, String comment, boolean override, String origin) {
        this(kind, decidedBy, Optional.empty(), decidedAt, comment, override, origin);
    }

    /** @return whether it counts as this person's: they decided, or a stand-in did in their place */
    public boolean countsFor(UserId person) {
        return decidedBy.equals(person) || onBehalfOf.filter(person::equals).isPresent();
    }
}
