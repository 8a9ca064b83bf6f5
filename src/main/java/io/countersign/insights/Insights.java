package io.countersign.insights;

import io.countersign.api.problem.InvalidInput;
import io.countersign.api.problem.NotFound;
import io.countersign.approval.figures.ApprovalFigures;
import io.countersign.approval.figures.ApprovalFigures.ByApprovers;
import io.countersign.approval.figures.ApprovalFigures.ByEntityType;
import io.countersign.approval.figures.ApprovalFigures.Durations;
import io.countersign.approval.figures.ApprovalFigures.Range;
import io.countersign.approval.figures.ApprovalFigures.Stuck;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import io.countersign.identity.membership.Membership;
import io.countersign.identity.membership.Memberships;
import io.countersign.operations.Operations;
import java.time.Clock;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.TemporalAdjusters;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Isolation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Figures about the approvals of the scopes that a person belongs to; of all scopes for superadmins, who also see which
 * engine jobs failed. Weeks begin on Monday, in UTC.
 */
@Component
@Transactional(readOnly = true, isolation = Isolation.REPEATABLE_READ)
public class Insights {

    /** The longest period that is looked at. */
    public static final int MAX_WEEKS = 52;

    private static final int MAX_STUCK = 20;

    private final ApprovalFigures figures;
    private final Memberships memberships;
    private final Operations operations;
    private final Clock clock;

    Insights(ApprovalFigures figures, Memberships memberships, Operations operations, Clock clock) {
        this.figures = figures;
        this.memberships = memberships;
        this.operations = operations;
        this.clock = clock;
    }

    /**
     * Requests that were decided in one week.
     *
     * @param monday the week's first day
     * @param durations how long they took from their submission
     */
    public record Week(LocalDate monday, Durations durations) {}

    /** How long a request waits by now. */
    public enum Age {
        UNDER_AN_HOUR("under 1 hour", Duration.ofHours(1)),
        UNDER_A_DAY("1 to 24 hours", Duration.ofDays(1)),
        UNDER_THREE_DAYS("1 to 3 days", Duration.ofDays(3)),
        UNDER_A_WEEK("3 to 7 days", Duration.ofDays(7)),
        OLDER("over 7 days", null);

        private static final List<Duration> BOUNDS = Arrays.stream(values())
                .filter(age -> age.below != null)
                .map(age -> age.below)
                .toList();

        private final String text;
        private final Duration below;

        Age(String text, Duration below) {
            this.text = text;
            this.below = below;
        }

        /** @return the same for people */
        public String text() {
            return text;
        }
    }

    /**
     * Requests that wait for a decision.
     *
     * @param age how long by now
     * @param entityType what they are about
     * @param count how many
     */
    public record Waiting(Age age, String entityType, long count) {}

    /**
     * Engine jobs that gave up.
     *
     * @param process the process that they belong to
     * @param count how many
     */
    public record Failed(String process, long count) {}

    /**
     * All figures of one moment.
     *
     * @param since the start of the period; earlier decisions do not count
     * @param byEntityType how long requests took
     * @param byApprovers how long their stages took
     * @param weeks how long requests took by week, the current week last
     * @param waiting currently pending requests by age and kind
     * @param stuck how many of these nobody can decide
     * @param oldestStuck those that have waited longest
     * @param failed engine jobs that gave up; empty for those who may not see them
     */
    public record Report(
            Instant since,
            List<ByEntityType> byEntityType,
            List<ByApprovers> byApprovers,
            List<Week> weeks,
            List<Waiting> waiting,
            long stuck,
            List<Stuck> oldestStuck,
            Optional<List<Failed>> failed) {

        /** @return how many requests wait, whatever their age and kind */
        public long waitingInAll() {
            return waiting.stream().mapToLong(Waiting::count).sum();
        }

        /** @return how many requests were decided in the period */
        public long decided() {
            return byEntityType.stream()
                    .mapToLong(row -> row.durations().count())
                    .sum();
        }
    }

    /**
     * @param reader who asks
     * @param scope only this scope
     * @param weeks how many weeks, with the present one: 1 to {@link #MAX_WEEKS}
     * @return the figures of what the reader may see
     * @throws NotFound if the reader does not belong to the scope
     * @throws InvalidInput if it is another number of weeks
     */
    public Report report(UserId reader, Optional<Scope> scope, int weeks) {
        if (weeks < 1 || weeks > MAX_WEEKS) {
            throw new InvalidInput("weeks", "must be from 1 to " + MAX_WEEKS);
        }
        List<Scope> own = memberships.of(reader).stream().map(Membership::scope).toList();
        boolean everything = own.contains(Scope.PLATFORM);
        scope.filter(wanted -> !everything && !own.contains(wanted)).ifPresent(wanted -> {
            throw new NotFound("scope", wanted.toString());
        });
        LocalDate monday = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC)
                .with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY))
                .minusWeeks(weeks - 1L);
        Instant since = monday.atStartOfDay(ZoneOffset.UTC).toInstant();
        Range range = scope.map(wanted -> new Range(Optional.of(List.of(wanted))))
                .orElseGet(() -> everything ? Range.ALL : new Range(Optional.of(own)));
        List<ApprovalFigures.Waiting> waiting = figures.waiting(range, Age.BOUNDS);
        return new Report(
                since,
                figures.byEntityType(range, since),
                figures.byApprovers(range, since),
                weeks(figures.byWeek(range, since), monday, weeks),
                waiting.stream()
                        .map(row -> new Waiting(Age.values()[row.age()], row.entityType(), row.count()))
                        .toList(),
                waiting.stream().mapToLong(ApprovalFigures.Waiting::stuck).sum(),
                figures.oldestStuck(range, MAX_STUCK),
                everything && scope.isEmpty() ? Optional.of(failed(reader)) : Optional.empty());
    }

    /** @return the scopes that a person may choose from */
    public List<Scope> scopes(UserId reader) {
        boolean everything = memberships.of(reader).stream()
                .anyMatch(member -> member.scope().equals(Scope.PLATFORM));
        if (everything) {
            return figures.scopes();
        }
        return memberships.of(reader).stream()
                .map(Membership::scope)
                .sorted(Comparator.comparing(Scope::toString))
                .toList();
    }

    private static List<Week> weeks(Map<LocalDate, Durations> byWeek, LocalDate first, int number) {
        return IntStream.range(0, number)
                .mapToObj(first::plusWeeks)
                .map(monday -> new Week(monday, byWeek.getOrDefault(monday, Durations.NONE)))
                .toList();
    }

    private List<Failed> failed(UserId reader) {
        return operations.summary(reader).incidents().entrySet().stream()
                .filter(entry -> entry.getValue() > 0)
                .map(entry -> new Failed(entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparingLong(Failed::count).reversed())
                .toList();
    }
}
