package io.countersign.identity;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * Says that somebody decides approvals in the place of somebody who is away.
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
        Optional<Instant> endedAt,
        Optional<UserId> endedBy) {

    /** @return whether it holds in a scope */
    public boolean covers(Scope other) {
        return scope.map(other::equals).orElse(true);
    }

    /** @return whether it holds at a time */
    public boolean inForce(Instant at) {
        return endedAt.isEmpty() && !startsAt.isAfter(at) && endsAt.isAfter(at);
    }

    /** @return whether it is over at a time, in due course or early */
    public boolean over(Instant at) {
        return endedAt.isPresent() || !endsAt.isAfter(at);
    }
}
