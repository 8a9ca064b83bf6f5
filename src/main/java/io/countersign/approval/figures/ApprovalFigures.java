package io.countersign.approval.figures;

import io.countersign.approval.ApprovalId;
import io.countersign.identity.Scope;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Statistics about requests, without a permission check. Weeks begin on Monday, in UTC. */
@Component
@Transactional(readOnly = true)
public class ApprovalFigures {

    private final JdbcClient jdbc;

    ApprovalFigures(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * The requests that count.
     *
     * @param scopes only requests of these scopes; empty for all
     */
    public record Range(Optional<List<Scope>> scopes) {

        /** The requests of all scopes. */
        public static final Range ALL = new Range(Optional.empty());

        /** A condition on {@code approvals a}. */
        private String condition() {
            return scopes.isPresent() ? "a.scope = any (?)" : "true";
        }

        private List<Object> params() {
            return scopes.map(chosen -> List.<Object>of(
                            (Object) chosen.stream().map(Scope::toString).toArray(String[]::new)))
                    .orElse(List.of());
        }
    }

    /**
     * Statistics of durations.
     *
     * @param count the number of durations
     * @param median half of them are no longer than this; empty if there are none
     * @param p90 nine in ten are no longer than this; empty if there are none
     */
    public record Durations(long count, Optional<Duration> median, Optional<Duration> p90) {

        /** No durations. */
        public static final Durations NONE = new Durations(0, Optional.empty(), Optional.empty());

        private static Durations of(ResultSet row) throws SQLException {
            return new Durations(
                    row.getLong("count"), Optional.of(duration(row, "median")), Optional.of(duration(row, "p90")));
        }

        private static Duration duration(ResultSet row, String column) throws SQLException {
            return Duration.ofMillis(Math.round(row.getDouble(column) * 1000));
        }
    }

    /**
     * Durations from the submission of requests to their last decision.
     *
     * @param entityType what they were about
     * @param durations the durations
     */
    public record ByEntityType(String entityType, Durations durations) {}

    /**
     * Durations from the opening of stages to the decision that closed them.
     *
     * @param entityType what the requests were about
     * @param requiredPermission the permission that the stage required
     * @param teamScope the team scope that the stage required
     * @param durations the durations
     */
    public record ByApprovers(String entityType, String requiredPermission, String teamScope, Durations durations) {}

    /**
     * Requests that wait for a decision.
     *
     * @param age how many of the given age bounds they have reached
     * @param entityType what they are about
     * @param count how many
     * @param stuck how many of these no one can decide
     */
    public record Waiting(int age, String entityType, long count, long stuck) {}

    /**
     * A request that no one can decide.
     *
     * @param approval the request
     * @param action the requested action
     * @param entityType what it is about
     * @param entityName its name
     * @param scope its scope
     * @param submittedAt since when it has waited
     * @param reason why no one can decide it
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
     * Requests that are open.
     *
     * @param pending how many wait for a decision
     * @param stuck how many are stuck
     */
    public record Open(long pending, long stuck) {}

    /** @return the durations of requests decided since a time */
    public List<ByEntityType> byEntityType(Range range, Instant since) {
        return query("""
                        select a.entity_type, count(*) as count,
                            percentile_cont(0.5) within group (order by extract(epoch from a.closed_at - a.submitted_at)) as median,
                            percentile_cont(0.9) within group (order by extract(epoch from a.closed_at - a.submitted_at)) as p90
                        from approvals a
                        where %s and a.closed_at >= ? and a.status in ('approved', 'rejected')
                            and exists (select from approval_stages s where s.approval_id = a.id)
                        group by a.entity_type order by a.entity_type""", range, Timestamp.from(since))
                .query((row, n) -> new ByEntityType(row.getString("entity_type"), Durations.of(row)))
                .list();
    }

    /**
     * A stage opens with the request, or when the stage before it is decided.
     *
     * @return the durations of stages decided since a time
     */
    public List<ByApprovers> byApprovers(Range range, Instant since) {
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
                        order by entity_type, required_permission, team_scope""", range, Timestamp.from(since), Timestamp.from(since))
                .query((row, n) -> new ByApprovers(
                        row.getString("entity_type"),
                        row.getString("required_permission"),
                        row.getString("team_scope"),
                        Durations.of(row)))
                .list();
    }

    /** @return the durations of requests by the Monday of the week of their decision; weeks without any are omitted */
    public Map<LocalDate, Durations> byWeek(Range range, Instant since) {
        Map<LocalDate, Durations> weeks = new TreeMap<>();
        query("""
                        select date_trunc('week', a.closed_at at time zone 'UTC')::date as monday, count(*) as count,
                            percentile_cont(0.5) within group (order by extract(epoch from a.closed_at - a.submitted_at)) as median,
                            percentile_cont(0.9) within group (order by extract(epoch from a.closed_at - a.submitted_at)) as p90
                        from approvals a
                        where %s and a.closed_at >= ? and a.status in ('approved', 'rejected')
                            and exists (select from approval_stages s where s.approval_id = a.id)
                        group by monday""", range, Timestamp.from(since)).query(row -> {
            weeks.put(row.getObject("monday", LocalDate.class), Durations.of(row));
        });
        return weeks;
    }

    /**
     * @param bounds ages, ascending
     * @return the waiting requests, by the age bounds they have reached and by kind
     */
    public List<Waiting> waiting(Range range, List<Duration> bounds) {
        String ages = bounds.stream()
                .map(bound -> Long.toString(bound.toSeconds()))
                .collect(Collectors.joining(",", "{", "}"));
        return query("""
                        select width_bucket(wait.seconds, '""" + ages + """
                            '::float8[]) as age, wait.entity_type, count(*) as count, count(wait.stuck_reason) as stuck
                        from (
                            select a.entity_type, a.stuck_reason,
                                   extract(epoch from now() - a.submitted_at)::float8 as seconds
                            from approvals a where %s and a.status = 'pending') wait
                        group by age, wait.entity_type order by age, wait.entity_type""", range)
                .query((row, n) -> new Waiting(
                        row.getInt("age"), row.getString("entity_type"), row.getLong("count"), row.getLong("stuck")))
                .list();
    }

    /** @return the pending requests that no one can decide, longest waiting first */
    public List<Stuck> oldestStuck(Range range, int limit) {
        return query("""
                        select a.id, a.action, a.entity_type, a.entity_name, a.scope, a.submitted_at, a.stuck_reason
                        from approvals a
                        where %s and a.status = 'pending' and a.stuck_reason is not null
                        order by a.submitted_at, a.id limit ?""", range, limit)
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

    /** @return how many requests are open now, in all scopes */
    public Open open() {
        return jdbc.sql("""
                        select (select count(*) from approvals where status = 'pending') as pending,
                               (select count(*) from approvals where stuck_reason is not null) as stuck""").query(Open.class).single();
    }

    /** @return the scopes that have requests, ordered by their text */
    public List<Scope> scopes() {
        return jdbc.sql("select distinct scope from approvals order by scope").query(String.class).list().stream()
                .map(Scope::parse)
                .toList();
    }

    /** The scopes come first among the parameters. */
    private JdbcClient.StatementSpec query(String sql, Range range, Object... more) {
        List<Object> params = new ArrayList<>(range.params());
        params.addAll(List.of(more));
        return jdbc.sql(sql.formatted(range.condition())).params(params);
    }
}
