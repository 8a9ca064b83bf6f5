package io.countersign.approval;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;
import java.util.Optional;

/**
 * A policy's settings for requests that wait: who is notified, and what happens when they wait long. Time alone decides
 * nothing: it sends reminders, escalates to others, and reopens approvals that expired. Durations stay as written, in
 * ISO 8601.
 *
 * @param remindAfter how long a stage waits between reminders; null for the server's setting
 * @param escalateAfter how long a stage waits before it escalates; null for never
 * @param escalateTo the group it escalates to, as {@link EscalationGroup} reads it; null if {@code escalateAfter} is
 * @param validFor how long an approval may wait to be carried out; null for no limit
 * @param told who is asked to decide, as {@link Audience} reads it; null for everyone who may decide, or for the last
 *     deciders if there are more than fifty
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record WaitingPolicy(
        @JsonProperty("remind_after") String remindAfter,
        @JsonProperty("escalate_after") String escalateAfter,
        @JsonProperty("escalate_to") String escalateTo,
        @JsonProperty("valid_for") String validFor,
        @JsonProperty("notify") String told) {

    /** No settings. */
    public static final WaitingPolicy NONE = new WaitingPolicy(null, null, null, null, null);

    /** Settings without an audience. */
    public WaitingPolicy(String remindAfter, String escalateAfter, String escalateTo, String validFor) {
        this(remindAfter, escalateAfter, escalateTo, validFor, null);
    }

    /** @return how long a stage waits between reminders, if the policy says so */
    public Optional<Duration> reminder() {
        return Optional.ofNullable(remindAfter).map(Duration::parse);
    }

    /** @return how long a stage waits before it escalates, if ever */
    public Optional<Duration> escalation() {
        return Optional.ofNullable(escalateAfter).map(Duration::parse);
    }

    /** @return the group it escalates to */
    public Optional<EscalationGroup> group() {
        return Optional.ofNullable(escalateTo).flatMap(EscalationGroup::find);
    }

    /** @return who is asked to decide, if the policy says so */
    public Optional<Audience> audience() {
        return Optional.ofNullable(told).flatMap(Audience::find);
    }

    /** @return how long an approval may wait to be carried out, if limited */
    public Optional<Duration> validity() {
        return Optional.ofNullable(validFor).map(Duration::parse);
    }
}
