package io.countersign.insights;

import io.countersign.api.problem.InvalidInput;
import io.countersign.api.problem.NotFound;
import io.countersign.approval.ApprovalId;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import io.countersign.identity.membership.Membership;
import io.countersign.identity.membership.Memberships;
import io.countersign.operations.Operations;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
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

    private final JdbcClient jdbc;
    private final Memberships memberships;
    private final Operations operations;
    private final Clock clock;

    Insights(JdbcClient jdbc, Memberships memberships, Operations operations, Clock clock) {
        this.jdbc = jdbc;
        this.memberships = memberships;
        this.operations = operations;
        this.clock = clock;
    }

    /**
     * How long something took.
     *
     * @param count how many there were
     * @param median half of them took no longer than this; empty if there were none
     * @param p90 nine in ten took no longer than this; empty if there were none
     */
    public record Durations(long count, Optional<Duration> median, Optional<Duration> p90) {

        private static final Durations NONE = new Durations(0, Optional.empty(), Optional.empty());
    }

    /**
     * From the submission of requests to their last decision.
     *
     * @param entityType what they were about
     * @param durations how long it took
     */
    public record ByEntityType(String entityType, Durations durations) {}

    /**
     * From the opening of stages to the decision that closed them.
     *
     * @param entityType what the requests were about
     * @param requiredPermission whom the stage asked: holders of this permission
     * @param teamScope and of which team
     * @param durations how long it took
     */
    public record ByApprovers(String entityType, String requiredPermission, String teamScope, Durations durations) {}

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

        /** @return the bounds between the ages in seconds, as PostgreSQL writes an array */
        private static String bounds() {
            return Arrays.stream(values())
                    .filter(age -> age.below != null)
                    .map(age -> Long.toString(age.below.toSeconds()))
                    .collect(Collectors.joining(",", "{", "}"));
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
     * A request that nobody can decide.
     *
     * @param approval the request
     * @param action what it asks for
     * @param entityType what it is about
     * @param entityName its name
     * @param scope where
     * @param submittedAt since when it waits
     * @param reason why nobody can decide it
     */
    public record Stuck(
            ApprovalId approval,
            String action,
            String entityType,
            String entityName,
            Scope scope,
            Instant submittedAt,
            String reason) {}

    /**
     * Engine jobs that gave up.
     *
     * @param process the process that they belong to
     * @param count how many
     */
    public record Failed(String process, long count) {}

    /**
     * All figures, taken at one moment.
     *
     * @param since the beginning of the period: decisions before it do not count
     * @param byEntityType how long requests took
     * @param byApprovers how long their stages took
     * @param weeks how long requests took week by week, the present week last
     * @param waiting what waits now, by age and kind
     * @param stuck how many of these nobody can decide
     * @param oldestStuck those that wait longest
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
        Visible visible =
                scope.map(wanted -> new Visible(false, List.of(wanted))).orElseGet(() -> new Visible(everything, own));
        return new Report(
                since,
                byEntityType(visible, since),
                byApprovers(visible, since),
                weeks(visible, monday, weeks),
                waiting(visible),
                countStuck(visible),
                oldestStuck(visible),
                everything && scope.isEmpty() ? Optional.of(failed(reader)) : Optional.empty());
    }

    /** @return the scopes that a person may choose from */
    public List<Scope> scopes(UserId reader) {
        boolean everything = memberships.of(reader).stream()
                .anyMatch(member -> member.scope().equals(Scope.PLATFORM));
        if (everything) {
            return jdbc.sql("select distinct scope from approvals order by scope").query(String.class).list().stream()
                    .map(Scope::parse)
                    .toList();
        }
        return memberships.of(reader).stream()
                .map(Membership::scope)
                .sorted(Comparator.comparing(Scope::toString))
                .toList();
    }

    private List<ByEntityType> byEntityType(Visible visible, Instant since) {
        return query("""
                        select a.entity_type, count(*) as count,
                            percentile_cont(0.5) within group (order by extract(epoch from a.closed_at - a.submitted_at)) as median,
                            percentile_cont(0.9) within group (order by extract(epoch from a.closed_at - a.submitted_at)) as p90
                        from approvals a
                        where %s and a.closed_at >= ? and a.status in ('approved', 'rejected')
                            and exists (select from approval_stages s where s.approval_id = a.id)
                        group by a.entity_type order by a.entity_type""", visible, Timestamp.from(since))
                .query((row, n) -> new ByEntityType(row.getString("entity_type"), durations(row)))
                .list();
    }

    /** A stage opens with the request, or when the stage before it is decided. */
    private List<ByApprovers> byApprovers(Visible visible, Instant since) {
        return query("""
                        with decided as (
                            select s.approval_id, a.entity_type, s.required_permission, s.team_scope, s.status,
                                a.submitted_at, d.decided_at,
                                lag(d.decided_at) over (partition by s.approval_id order by s.stage_order) as before
                            from approvals a
                            join approval_stages s on s.approval_id = a.id
                            cross join lateral (
                                select max(decided_at) as decided_at from approval_decisions where stage_id = s.id) d
                            where %s and (a.closed_at >= ? or a.status = 'pending')
                        )
                        select entity_type, required_permission, team_scope, count(*) as count,
                            percentile_cont(0.5) within group (
                                order by extract(epoch from decided_at - coalesce(before, submitted_at))) as median,
                            percentile_cont(0.9) within group (
                                order by extract(epoch from decided_at - coalesce(before, submitted_at))) as p90
                        from decided where decided_at >= ? and status in ('approved', 'rejected')
                        group by entity_type, required_permission, team_scope
                        order by entity_type, required_permission, team_scope""", visible, Timestamp.from(since), Timestamp.from(since))
                .query((row, n) -> new ByApprovers(
                        row.getString("entity_type"),
                        row.getString("required_permission"),
                        row.getString("team_scope"),
                        durations(row)))
                .list();
    }

    private List<Week> weeks(Visible visible, LocalDate first, int number) {
        TreeMap<LocalDate, Durations> byWeek = new TreeMap<>();
        for (int i = 0; i < number; i++) {
            byWeek.put(first.plusWeeks(i), Durations.NONE);
        }
        query("""
                        select date_trunc('week', a.closed_at at time zone 'UTC')::date as monday, count(*) as count,
                            percentile_cont(0.5) within group (order by extract(epoch from a.closed_at - a.submitted_at)) as median,
                            percentile_cont(0.9) within group (order by extract(epoch from a.closed_at - a.submitted_at)) as p90
                        from approvals a
                        where %s and a.closed_at >= ? and a.status in ('approved', 'rejected')
                            and exists (select from approval_stages s where s.approval_id = a.id)
                        group by monday""", visible, Timestamp.from(first.atStartOfDay(ZoneOffset.UTC).toInstant()))
                .query(row -> {
                    byWeek.put(row.getObject("monday", LocalDate.class), durations(row));
                });
        List<Week> weeks = new ArrayList<>();
        byWeek.forEach((monday, durations) -> weeks.add(new Week(monday, durations)));
        return weeks;
    }

    private List<Waiting> waiting(Visible visible) {
        return query("""
                        select width_bucket(wait.seconds, '""" + Age.bounds() + """
                            '::float8[]) as age, wait.entity_type, count(*) as count
                        from (
                            select a.entity_type, extract(epoch from now() - a.submitted_at)::float8 as seconds
                            from approvals a where %s and a.status = 'pending') wait
                        group by age, wait.entity_type order by age, wait.entity_type""", visible)
                .query((row, n) -> new Waiting(
                        Age.values()[row.getInt("age")], row.getString("entity_type"), row.getLong("count")))
                .list();
    }

    private long countStuck(Visible visible) {
        return query("""
                        select count(*) from approvals a
                        where %s and a.status = 'pending' and a.stuck_reason is not null""", visible).query(Long.class).single();
    }

    private List<Stuck> oldestStuck(Visible visible) {
        return query("""
                        select a.id, a.action, a.entity_type, a.entity_name, a.scope, a.submitted_at, a.stuck_reason
                        from approvals a
                        where %s and a.status = 'pending' and a.stuck_reason is not null
                        order by a.submitted_at, a.id limit ?""", visible, MAX_STUCK)
                .query((row, n) -> new Stuck(
                        new ApprovalId(row.getObject("id", UUID.class)),
                        row.getString("action"),
                        row.getString("entity_type"),
                        row.getString("entity_name"),
                        Scope.parse(row.getString("scope")),
                        row.getTimestamp("submitted_at").toInstant(),
                        row.getString("stuck_reason")))
                .list();
    }

    private List<Failed> failed(UserId reader) {
        return operations.summary(reader).incidents().entrySet().stream()
                .filter(entry -> entry.getValue() > 0)
                .map(entry -> new Failed(entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparingLong(Failed::count).reversed())
                .toList();
    }

    /** What a reader may see of the table {@code approvals a}. */
    private record Visible(boolean everything, List<Scope> scopes) {

        String condition() {
            return everything ? "true" : "a.scope = any (?)";
        }

        List<Object> params() {
            return everything
                    ? List.of()
                    : List.of((Object) scopes.stream().map(Scope::toString).toArray(String[]::new));
        }
    }

    private static Durations durations(ResultSet row) throws SQLException {
        return new Durations(
                row.getLong("count"), Optional.of(duration(row, "median")), Optional.of(duration(row, "p90")));
    }

    private static Duration duration(ResultSet row, String column) throws SQLException {
        return Duration.ofMillis(Math.round(row.getDouble(column) * 1000));
    }

    /** The visible scopes come first among the parameters. */
    private JdbcClient.StatementSpec query(String sql, Visible visible, Object... more) {
        List<Object> params = new ArrayList<>(visible.params());
        params.addAll(List.of(more));
        return jdbc.sql(sql.formatted(visible.condition())).params(params);
    }
}
