package io.countersign.approval.risk;

import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.Locale;

/**
 * Something that the deciders of a request should know before they decide. It refuses nothing.
 *
 * @param code what kind of thing it is
 * @param by who did it, by name
 * @param at when
 * @param text the same for a person, a sentence without the time
 */
public record Risk(Code code, String by, Instant at, String text) {

    /** The kinds of things that deciders should know. */
    public enum Code {
        /** The submitter changed the policy that the request runs under. */
        SUBMITTER_CHANGED_POLICY,
        /** Another person changed the policy that the request runs under. */
        POLICY_CHANGED,
        /** The submitter deactivated a person who could decide. */
        SUBMITTER_DEACTIVATED_DECIDER,
        /** The submitter changed the membership of a person who decides, or did before. */
        SUBMITTER_CHANGED_MEMBERSHIP,
        /** Another person changed the submitter's role or team. */
        MEMBERSHIP_OF_SUBMITTER_CHANGED,
        /** Somebody made the submitter's account, or had a link made by which its password is set. */
        ACCOUNT_OF_SUBMITTER_MADE,
        /** The submitter, or whoever made their account, made the account of somebody who decided. */
        ACCOUNT_OF_DECIDER_MADE;

        /** @return the name in JSON */
        @JsonValue
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
