package io.countersign.approval.freeze;

import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/**
 * A window in which nothing is deployed or provisioned in a scope.
 *
 * @param id its id
 * @param scope an organization or a project
 * @param startsAt when it starts
 * @param endsAt when it ends
 * @param reason why
 * @param createdBy who set it
 * @param createdAt when
 * @param liftedAt when an owner ended it early, if one did
 * @param liftedBy the owner who ended it early
 * @param liftReason why it was ended early
 */
public record Freeze(
        UUID id,
        Scope scope,
        Instant startsAt,
        Instant endsAt,
        String reason,
        UserId createdBy,
        Instant createdAt,
        Optional<Instant> liftedAt,
        Optional<UserId> liftedBy,
        Optional<String> liftReason) {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "d MMMM yyyy, HH:mm 'UTC'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    /** @return whether it is in force at a time */
    public boolean inForce(Instant at) {
        return liftedAt.isEmpty() && !startsAt.isAfter(at) && endsAt.isAfter(at);
    }

    /** @return whether it is over at a time, either ended or lifted */
    public boolean over(Instant at) {
        return liftedAt.isPresent() || !endsAt.isAfter(at);
    }

    /** @return the user-facing status of anything that waits for its end */
    public String waiting() {
        return "Waiting: frozen until " + TIME.format(endsAt) + " (" + reason + ").";
    }
}
