package io.countersign.approval;

import com.fasterxml.jackson.annotation.JsonValue;
import io.countersign.identity.UserId;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * A decision that no longer stands. It is kept for the record only.
 *
 * @param decision the decision
 * @param end how it ended
 * @param endedAt when
 * @param endedBy who took it back; empty if no one did
 * @param reason why
 */
public record FormerDecision(Decision decision, End end, Instant endedAt, Optional<UserId> endedBy, String reason) {

    /**
     * How, when and why decisions ended.
     *
     * @param end how they ended
     * @param at when
     * @param by who took them back; empty if no one did
     * @param reason why
     */
    record Ended(End end, Instant at, Optional<UserId> by, String reason) {

        FormerDecision former(Decision decision) {
            return new FormerDecision(decision, end, at, by, reason);
        }
    }

    /** Why a decision no longer stands. */
    public enum End {
        /** The approver took back their approval. */
        TAKEN_BACK,
        /** The approval was not carried out within the time its policy allows, and must be given again. */
        EXPIRED;

        /** @return the name in the database and in JSON */
        @JsonValue
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** @return the constant with that name, or empty */
        public static Optional<End> find(String wireName) {
            return Arrays.stream(values())
                    .filter(constant -> constant.wireName().equals(wireName))
                    .findFirst();
        }
    }
}
