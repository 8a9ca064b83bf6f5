package io.countersign.approval.freeze;

import io.countersign.api.paging.Keyset;
import io.countersign.api.paging.Page;
import io.countersign.api.paging.PageQuery;
import io.countersign.api.paging.PageRequest;
import io.countersign.api.paging.PageRequest.Key;
import io.countersign.api.problem.Conflict;
import io.countersign.api.problem.ErrorCode;
import io.countersign.api.problem.Forbidden;
import io.countersign.api.problem.NotFound;
import io.countersign.api.validation.Validation;
import io.countersign.audit.AuditAction;
import io.countersign.audit.AuditSubject;
import io.countersign.audit.AuditTrail;
import io.countersign.audit.Difference;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import io.countersign.identity.membership.Membership;
import io.countersign.identity.membership.Memberships;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Freeze windows of organizations and projects. Decisions may still be taken. Transactions that touch the target begin
 * with {@link #hold}, so that nothing is written once a window is set.
 */
@Component
@Transactional
public class Freezes {

    private static final Duration LONGEST = Duration.ofDays(366);
    private static final int MAX_REASON_LENGTH = 500;

    /** PostgreSQL, "Error Codes": the lock timeout expired. */
    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private static final Keyset<Freeze> LATEST_FIRST =
            Keyset.newestFirst("starts_at", "id", Key::uuid, freeze -> Key.of(freeze.startsAt(), freeze.id()));

    private final JdbcClient jdbc;
    private final Memberships memberships;
    private final AuditTrail audit;
    private final ApplicationEventPublisher events;
    private final Clock clock;
    private final FreezeProperties properties;

    Freezes(
            JdbcClient jdbc,
            Memberships memberships,
            AuditTrail audit,
            ApplicationEventPublisher events,
            Clock clock,
            FreezeProperties properties) {
        this.jdbc = jdbc;
        this.memberships = memberships;
        this.audit = audit;
        this.events = events;
        this.clock = clock;
        this.properties = properties;
    }

    /** @return the window now in force in a scope; the one that ends last if there are several */
    @Transactional(readOnly = true)
    public Optional<Freeze> inForce(Scope scope) {
        Timestamp now = Timestamp.from(clock.instant());
        // A window that begins when it is set is in force even for an instance whose clock is behind.
        return jdbc.sql("""
                        select * from freezes
                        where scope = ? and lifted_at is null and (starts_at <= ? or starts_at <= created_at)
                          and ends_at > ?
                        order by ends_at desc limit 1""")
                .params(scope.toString(), now, now)
                .query(Freezes::read)
                .optional();
    }

    /**
     * Prevents new windows in a scope until the transaction ends. Any number of transactions may do so concurrently.
     *
     * @return the window now in force in the scope, as {@link #inForce}
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public Optional<Freeze> hold(Scope scope) {
        // A separate statement: the next one sees a window that was set while this one waited.
        lock("select true from pg_advisory_xact_lock_shared(hashtextextended(?, 0))", scope);
        return inForce(scope);
    }

    /** Waits until no transaction touches the target in a scope, and blocks further ones. */
    private void exclude(Scope scope) {
        String before = setting("select current_setting('lock_timeout')");
        setting("select set_config('lock_timeout', '" + properties.longestWait().toMillis() + "', true)");
        try {
            lock("select true from pg_advisory_xact_lock(hashtextextended(?, 0))", scope);
        } catch (DataAccessException e) {
            if (e.getRootCause() instanceof SQLException sql && LOCK_NOT_AVAILABLE.equals(sql.getSQLState())) {
                throw new Conflict(
                        ErrorCode.TARGET_BUSY,
                        "Something is being deployed or provisioned at this moment, so the window is not set. Try again"
                                + " in a moment.");
            }
            throw e;
        }
        setting("select set_config('lock_timeout', '" + before + "', true)");
    }

    private String setting(String sql) {
        return jdbc.sql(sql).query(String.class).single();
    }

    private void lock(String sql, Scope scope) {
        jdbc.sql(sql).param("touch " + scope).query(Boolean.class).single();
    }

    /**
     * @return when anything that waits in a scope should check again: at the end of the window, or now if none is in
     *     force
     */
    @Transactional(readOnly = true)
    public Instant endIn(Scope scope) {
        return inForce(scope).map(Freeze::endsAt).orElseGet(clock::instant);
    }

    /**
     * @return a scope's windows, the latest first
     * @throws NotFound if the reader may not see the scope
     */
    @Transactional(readOnly = true)
    public Page<Freeze> in(UserId reader, Scope scope, PageRequest page) {
        requireVisible(reader, scope);
        return PageQuery.of("select * from freezes where scope = ?", scope.toString())
                .page(jdbc, Freezes::read, LATEST_FIRST, page);
    }

    /**
     * Sets a window. Nothing is written to the target in its scope while the window is in force.
     *
     * @param actor an owner or admin of the scope
     * @param startsAt when it starts; now if missing or past
     * @param reason why; never blank
     * @return the window
     * @throws NotFound if the actor may not see the scope
     * @throws Forbidden with {@code missing_permission} unless they administer it
     * @throws io.countersign.api.problem.InvalidInput if a field is invalid
     * @throws Conflict with {@code target_busy} if a write to the target takes too long
     */
    public Freeze add(UserId actor, Scope scope, Instant startsAt, Instant endsAt, String reason) {
        if (!requireMember(actor, scope).administers()) {
            throw new Forbidden(ErrorCode.MISSING_PERMISSION, "Only an owner or admin sets a freeze window.");
        }
        Instant now = clock.instant();
        Instant from = startsAt == null || startsAt.isBefore(now) ? now : startsAt;
        Validation validation = new Validation();
        validation.check(
                endsAt != null && endsAt.isAfter(from), "ends_at", "must be after the start and in the future");
        validation.check(
                endsAt == null || !endsAt.isAfter(from.plus(LONGEST)), "ends_at", "must be within a year of the start");
        validation.check(
                reason != null && !reason.isBlank() && reason.length() <= MAX_REASON_LENGTH,
                "reason",
                "must have 1 to " + MAX_REASON_LENGTH + " characters");
        validation.done();
        exclude(scope);
        Freeze freeze = new Freeze(
                UUID.randomUUID(),
                scope,
                from,
                endsAt,
                reason.strip(),
                actor,
                now,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        jdbc.sql("""
                        insert into freezes (id, scope, starts_at, ends_at, reason, created_by, created_at)
                        values (?, ?, ?, ?, ?, ?, ?)""")
                .params(
                        freeze.id(),
                        scope.toString(),
                        Timestamp.from(from),
                        Timestamp.from(endsAt),
                        freeze.reason(),
                        actor.value(),
                        Timestamp.from(now))
                .update();
        record(
                AuditAction.FREEZE,
                freeze,
                Map.of("from", from, "until", endsAt, "reason", freeze.reason()),
                Difference.NONE);
        return freeze;
    }

    /**
     * Lifts a window before its end. Everything that waits for it resumes immediately.
     *
     * @param actor an owner of the scope
     * @param reason why; never blank
     * @return the window
     * @throws NotFound if there is none with that id in the scope, or the actor may not see it
     * @throws Forbidden with {@code missing_permission} unless they own the scope
     * @throws Conflict with {@code wrong_state} if it is over
     * @throws io.countersign.api.problem.InvalidInput if the reason is blank or too long
     */
    public Freeze lift(UserId actor, Scope scope, UUID id, String reason) {
        Membership member = requireMember(actor, scope);
        Freeze freeze = jdbc.sql("select * from freezes where id = ? and scope = ? for update")
                .params(id, scope.toString())
                .query(Freezes::read)
                .optional()
                .orElseThrow(() -> new NotFound("freeze", id.toString()));
        if (!member.owner()) {
            throw new Forbidden(ErrorCode.MISSING_PERMISSION, "Only an owner lifts a freeze window.");
        }
        Instant now = clock.instant();
        if (freeze.over(now)) {
            throw new Conflict(ErrorCode.WRONG_STATE, "This window is over already.");
        }
        Validation validation = new Validation();
        validation.check(
                reason != null && !reason.isBlank() && reason.length() <= MAX_REASON_LENGTH,
                "reason",
                "must have 1 to " + MAX_REASON_LENGTH + " characters");
        validation.done();
        jdbc.sql("update freezes set lifted_at = ?, lifted_by = ?, lift_reason = ? where id = ?")
                .params(Timestamp.from(now), actor.value(), reason.strip(), id)
                .update();
        record(
                AuditAction.LIFT_FREEZE,
                freeze,
                Map.of("reason", reason.strip()),
                new Difference(Map.of("until", freeze.endsAt()), Map.of("until", now)));
        events.publishEvent(new FreezeLifted(scope));
        return jdbc.sql("select * from freezes where id = ?")
                .param(id)
                .query(Freezes::read)
                .single();
    }

    private void requireVisible(UserId reader, Scope scope) {
        if (memberships.find(reader, scope).isEmpty()
                && memberships.find(reader, Scope.PLATFORM).isEmpty()) {
            throw new NotFound(scope.type().wireName(), scope.id());
        }
    }

    private Membership requireMember(UserId actor, Scope scope) {
        return memberships
                .find(actor, scope)
                .orElseThrow(() -> new NotFound(scope.type().wireName(), scope.id()));
    }

    private void record(AuditAction action, Freeze freeze, Map<String, ?> details, Difference difference) {
        audit.record(
                action,
                new AuditSubject(
                        "freeze",
                        freeze.id().toString(),
                        freeze.scope().id() + ": " + freeze.reason(),
                        freeze.scope().toString()),
                details,
                difference);
    }

    private static Freeze read(ResultSet row, int number) throws SQLException {
        return new Freeze(
                row.getObject("id", UUID.class),
                Scope.parse(row.getString("scope")),
                row.getTimestamp("starts_at").toInstant(),
                row.getTimestamp("ends_at").toInstant(),
                row.getString("reason"),
                new UserId(row.getString("created_by")),
                row.getTimestamp("created_at").toInstant(),
                Optional.ofNullable(row.getTimestamp("lifted_at")).map(Timestamp::toInstant),
                Optional.ofNullable(row.getString("lifted_by")).map(UserId::new),
                Optional.ofNullable(row.getString("lift_reason")));
    }
}
