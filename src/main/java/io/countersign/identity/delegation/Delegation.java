package io.countersign.identity.delegation;

import com.fasterxml.jackson.annotation.JsonValue;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/**
 * A person's delegation of their approvals to a stand-in, effective once accepted.
 *
 * @param id its id
 * @param absent the absent person
 * @param standIn who decides on their behalf
 * @param scope its only scope; empty for wherever both are members
 * @param startsAt its start
 * @param endsAt its end
 * @param reason the reason, for people; may be null
 * @param createdBy who created it
 * @param createdAt when it was created
 * @param acceptedAt when the stand-in accepted, if they did
 * @param declinedAt when the stand-in declined, if they did
 * @param endedAt when it was ended early, if it was
 * @param endedBy who ended it
 */
public record Delegation(
        UUID id,
        UserId absent,
        UserId standIn,
        Optional<Scope> scope,
        Instant startsAt,
        Instant endsAt,
        String reason,
        UserId createdBy,
        Instant createdAt,
        Optional<Instant> acceptedAt,
        Optional<Instant> declinedAt,
        Optional<Instant> endedAt,
        Optional<UserId> endedBy) {

    /** @return whether it applies in a scope */
    public boolean covers(Scope other) {
        return scope.map(other::equals).orElse(true);
    }

    /** A delegation's state at a given time. */
    public enum State {
        /** The stand-in has not answered yet. */
        PROPOSED,
        /** It is accepted and begins later. */
        PLANNED,
        /** It is in force. */
        ACTIVE,
        /** Its stand-in declined. */
        DECLINED,
        /** It ended on time or early, or expired without an answer. */
        OVER;

        /** @return the name in JSON and on pages, such as {@code active} */
        @JsonValue
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** @return its state at a time */
    public State state(Instant at) {
        if (declinedAt.isPresent()) {
            return State.DECLINED;
        }
        if (endedAt.isPresent() || !endsAt.isAfter(at)) {
            return State.OVER;
        }
        if (acceptedAt.isEmpty()) {
            return State.PROPOSED;
        }
        return startsAt.isAfter(at) ? State.PLANNED : State.ACTIVE;
    }

    /** @return whether it can still be ended at a time */
    public boolean open(Instant at) {
        State state = state(at);
        return state != State.OVER && state != State.DECLINED;
    }
}
