package io.countersign.approval;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;
import java.util.Optional;

/**
 * What a policy says of requests that wait: who is told of them, and what becomes of those that wait long. Nothing is
 * ever decided by a clock: people are reminded, others are asked too, and what was approved too long ago is asked
 * again. Durations are kept as they were written, in ISO 8601.
 *
 * @param remindAfter how long a stage waits between reminders; null for what the server is set to
 * @param escalateAfter how long a stage waits before others are asked too; null for never
 * @param escalateTo who they are, as {@link EscalationGroup} reads it; null if {@code escalateAfter} is
 * @param validFor how long an approval may wait to be carried out; null for ever
 * @param told who is asked to decide, as {@link Audience} reads it; null for all of up to fifty people who may, and of
 *     more those who decided last
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Patience(
        @JsonProperty("remind_after") String remindAfter,
        @JsonProperty("escalate_after") String escalateAfter,
        @JsonProperty("escalate_to") String escalateTo,
        @JsonProperty("valid_for") String validFor,
        @JsonProperty("notify") String told) {

    /** Says nothing. */
    public static final Patience NONE = new Patience(null, null, null, null, null);

    /** Says nothing of who is told. */
    public Patience(String remindAfter, String escalateAfter, String escalateTo, String validFor) {
        this(remindAfter, escalateAfter, escalateTo, validFor, null);
    }

    /** @return how long a stage waits between reminders, if the policy says so */
    public Optional<Duration> reminder() {
        return Optional.ofNullable(remindAfter).map(Duration::parse);
    }

    /** @return how long a stage waits before others are asked too, if ever */
    public Optional<Duration> escalation() {
        return Optional.ofNullable(escalateAfter).map(Duration::parse);
    }

    /** @return who are asked too */
    public Optional<EscalationGroup> group() {
        return Optional.ofNullable(escalateTo).flatMap(EscalationGroup::find);
    }

    /** @return who is asked to decide, if the policy says so */
    public Optional<Audience> audience() {
        return Optional.ofNullable(told).flatMap(Audience::find);
    }

    /** @return how long an approval may wait to be carried out, if not for ever */
    public Optional<Duration> validity() {
        return Optional.ofNullable(validFor).map(Duration::parse);
    }
}
