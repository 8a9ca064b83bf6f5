package io.countersign.approval.waiting;

import io.countersign.approval.Approval;
import io.countersign.approval.Policy;
import io.countersign.approval.WaitingPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code countersign.standing.*}: requests that wait long.
 *
 * @param remindAfter the interval of reminders for a stage, unless its policy sets one; zero for no reminders
 * @param interval how often requests are checked, a second or more; the maximum delay of a reminder
 */
@ConfigurationProperties("countersign.standing")
public record WaitingProperties(
        @DefaultValue("P3D") Duration remindAfter,
        @DefaultValue("PT1M") Duration interval) {

    private static final Duration SHORTEST = Duration.ofSeconds(1);

    public WaitingProperties {
        if (interval.compareTo(SHORTEST) < 0) {
            throw new IllegalArgumentException("countersign.standing.interval must be a second or more");
        }
    }

    /** @return how long a stage waits between reminders; empty if there are no reminders */
    public Optional<Duration> reminder(WaitingPolicy waiting) {
        return waiting.reminder()
                .or(() -> Optional.of(remindAfter))
                .filter(wait -> !wait.isZero() && !wait.isNegative());
    }

    /** @return when to remind the people a request waits for; empty if it waits for no one or there are no reminders */
    public Optional<Instant> reminderDue(Approval approval) {
        return approval.askedLast()
                .flatMap(asked -> reminder(approval.waiting()).map(asked::plus));
    }

    /** @return when the next action on a request is due, if ever, as long as it waits for the same people */
    public Optional<Instant> nextAttention(Approval approval) {
        return Stream.of(approval.escalationDue(), reminderDue(approval))
                .flatMap(Optional::stream)
                .min(Instant::compareTo);
    }

    /** @return when to first check a request that is submitted, or pending again, now */
    public Optional<Instant> firstAttention(Policy policy, Instant now) {
        return policy.stages().isEmpty()
                ? Optional.empty()
                : Stream.of(reminder(policy.waiting()), policy.waiting().escalation())
                        .flatMap(Optional::stream)
                        .min(Duration::compareTo)
                        .map(now::plus);
    }
}
