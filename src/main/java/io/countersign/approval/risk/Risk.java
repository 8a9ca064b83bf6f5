package io.countersign.approval.risk;

import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.Locale;

/**
 * A fact that the deciders of a request should know before they decide. It blocks nothing.
 *
 * @param code the kind of risk
 * @param by who did it, by name
 * @param at when
 * @param text the user-facing sentence, without the time
 */
public record Risk(Code code, String by, Instant at, String text) {

    /** The kinds of risks. */
    public enum Code {
        /** The submitter changed the policy that the request runs under. */
        SUBMITTER_CHANGED_POLICY,
        /** Another person changed the policy that the request runs under. */
        POLICY_CHANGED,
        /** The submitter deactivated a person who could decide. */
        SUBMITTER_DEACTIVATED_DECIDER,
        /** The submitter changed the membership of a person who decides, or could before. */
        SUBMITTER_CHANGED_MEMBERSHIP,
        /** Another person changed the submitter's role or team. */
        MEMBERSHIP_OF_SUBMITTER_CHANGED,
        /** Someone created the submitter's account, or issued a link to set its password. */
        ACCOUNT_OF_SUBMITTER_MADE,
        /** The submitter, or the creator of their account, created the account of a person who decided. */
        ACCOUNT_OF_DECIDER_MADE;

        /** @return the name in JSON */
        @JsonValue
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
