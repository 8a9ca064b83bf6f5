package io.countersign.identity.delegation;

import com.fasterxml.jackson.annotation.JsonValue;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/**
 * Says that a person decides approvals in the place of another one who is away, if they accept that.
 *
 * @param id its id
 * @param absent who is away
 * @param standIn who decides in their place
 * @param scope only there; empty for wherever both are members
 * @param startsAt from when
 * @param endsAt until when
 * @param reason why, for people; possibly null
 * @param createdBy who named the stand-in
 * @param createdAt when
 * @param acceptedAt when the stand-in accepted, if they did
 * @param declinedAt when the stand-in declined, if they did
 * @param endedAt when it was ended early, if it was
 * @param endedBy by whom
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

    /** @return whether it holds in a scope */
    public boolean covers(Scope other) {
        return scope.map(other::equals).orElse(true);
    }

    /** What a delegation is at a time. */
    public enum State {
        /** Its stand-in has not answered yet. */
        PROPOSED,
        /** It is accepted and begins later. */
        PLANNED,
        /** It is in force. */
        ACTIVE,
        /** Its stand-in declined. */
        DECLINED,
        /** It is over, in due course or early; or its time passed without an answer. */
        OVER;

        /** @return the name in JSON and on pages, such as {@code active} */
        @JsonValue
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** @return what it is at a time */
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
