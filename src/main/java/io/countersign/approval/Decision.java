package io.countersign.approval;

import io.countersign.identity.UserId;
import java.time.Instant;
import java.util.Optional;

/**
 * One person's decision about a stage.
 *
 * @param kind approve or reject
 * @param decidedBy who
 * @param onBehalfOf the absent approver on whose behalf they decided, if they stood in for one
 * @param decidedAt when
 * @param comment their comment; never blank for a rejection or an override, otherwise possibly null
 * @param override whether a superadmin decided a stuck stage
 * @param origin the channel of the decision, such as {@code mail}
 */
public record Decision(
        DecisionKind kind,
        UserId decidedBy,
        Optional<UserId> onBehalfOf,
        Instant decidedAt,
        String comment,
        boolean override,
        String origin) {

    /** A decision that a person made on their own behalf. */
    public Decision(
            DecisionKind kind, UserId decidedBy, Instant decidedAt, String comment, boolean override, String origin) {
        this(kind, decidedBy, Optional.empty(), decidedAt, comment, override, origin);
    }

    /** @return whether it counts as this person's: they decided, or a stand-in did on their behalf */
    public boolean countsFor(UserId person) {
        return decidedBy.equals(person) || onBehalfOf.filter(person::equals).isPresent();
    }
}
