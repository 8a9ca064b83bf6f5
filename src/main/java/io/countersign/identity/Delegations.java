package io.countersign.identity;

import io.countersign.api.Conflict;
import io.countersign.api.Forbidden;
import io.countersign.api.InvalidInput;
import io.countersign.api.NotFound;
import io.countersign.api.Validation;
import io.countersign.audit.AuditTrail;
import io.countersign.audit.Difference;
import io.countersign.transaction.TransactionMemory;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * Who decides approvals in the place of whom. A stand-in takes the place of the absent person only, never that of
 * somebody for whom that person stands in, and only where they are a member themselves, so that nobody gets to see an
 * organization or project by being named.
 */
@Component
@Transactional
public class Delegations {

    private static final Duration LONGEST = Duration.ofDays(366);
    private static final int MAX_REASON_LENGTH = 500;

    private final JdbcClient jdbc;
    private final TransactionMemory<UserId, List<Delegation>> inForceOf = new TransactionMemory<>();
    private final TransactionMemory<Scope, List<Delegation>> inForceIn = new TransactionMemory<>();
    private final Memberships memberships;
    private final People people;
    private final AuditTrail audit;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    Delegations(
            JdbcClient jdbc,
            Memberships memberships,
            People people,
            AuditTrail audit,
            ApplicationEventPublisher events,
            Clock clock) {
        this.jdbc = jdbc;
        this.memberships = memberships;
        this.people = people;
        this.audit = audit;
        this.events = events;
        this.clock = clock;
    }

    /** @return the delegations in force that name a person, as absent or as stand-in */
    @Transactional(readOnly = true)
    public List<Delegation> inForceOf(UserId user) {
        return inForceOf.get(user, () -> readInForceOf(user));
    }

    private List<Delegation> readInForceOf(UserId user) {
        Timestamp now = Timestamp.from(clock.instant());
        return jdbc.sql("""
                        select * from delegations
                        where ended_at is null and starts_at <= ? and ends_at > ? and (stand_in = ? or absent = ?)
                        order by starts_at, id""")
                .params(now, now, user.value(), user.value())
                .query(Delegations::read)
                .list();
    }

    /** @return the delegations that are in force in a scope, whomever they name */
    @Transactional(readOnly = true)
    public List<Delegation> inForceIn(Scope scope) {
        return inForceIn.get(scope, () -> readInForceIn(scope));
    }

    private List<Delegation> readInForceIn(Scope scope) {
        Timestamp now = Timestamp.from(clock.instant());
        return jdbc.sql("""
                        select * from delegations
                        where ended_at is null and starts_at <= ? and ends_at > ? and (scope is null or scope = ?)
                        order by starts_at, id""")
                .params(now, now, scope.toString())
                .query(Delegations::read)
                .list();
    }

    /** @return what a person named and what they are named in, the newest first; those that are over too */
    @Transactional(readOnly = true)
    public List<Delegation> of(UserId user) {
        return jdbc.sql("select * from delegations where stand_in = ? or absent = ? order by starts_at desc, id")
                .params(user.value(), user.value())
                .query(Delegations::read)
                .list();
    }

    /**
     * @param reader an owner or admin of the scope, or a superadmin, whom the platform shows all
     * @return the delegations that hold, or will hold, among a scope's members
     * @throws NotFound if the reader is no member
     * @throws Forbidden if they do not administer the scope
     */
    @Transactional(readOnly = true)
    public List<Delegation> in(UserId reader, Scope scope) {
        boolean superadmin = memberships.find(reader, Scope.PLATFORM).isPresent();
        if (!superadmin && scope.equals(Scope.PLATFORM)) {
            throw new Forbidden("missing_permission", "This is for superadmins.");
        }
        if (!superadmin
                && !memberships
                        .find(reader, scope)
                        .orElseThrow(() -> new NotFound(scope.type().wireName(), scope.id()))
                        .administers()) {
            throw new Forbidden("missing_permission", "Only an owner or admin sees who stands in for others.");
        }
        List<Delegation> present = jdbc.sql(
                        "select * from delegations where ended_at is null and ends_at > ? order by starts_at, id")
                .param(Timestamp.from(clock.instant()))
                .query(Delegations::read)
                .list();
        if (scope.equals(Scope.PLATFORM)) {
            return present;
        }
        Set<UserId> members =
                memberships.in(scope).stream().map(Membership::user).collect(Collectors.toSet());
        return present.stream()
                .filter(delegation -> delegation.covers(scope)
                        && members.contains(delegation.absent())
                        && members.contains(delegation.standIn()))
                .toList();
    }

    /**
     * Names a stand-in for a person who will be away.
     *
     * @param absent who is away; they name their own stand-in
     * @param scope only there; empty for wherever both are members
     * @param startsAt from when; now if it is in the past
     * @param reason why, for people; may be null
     * @return the delegation
     * @throws InvalidInput if a field breaks its rule: nobody stands in for themselves or where they are no member
     * @throws Conflict with {@code delegation_chain} if the stand-in has named a stand-in for that time themselves,
     *     with {@code delegation_exists} if one of that period names the same person there
     */
    public Delegation add(
            UserId absent, UserId standIn, Optional<Scope> scope, Instant startsAt, Instant endsAt, String reason) {
        Instant now = clock.instant();
        Instant from = startsAt == null || startsAt.isBefore(now) ? now : startsAt;
        Validation validation = new Validation();
        Set<Scope> shared = shared(absent, standIn);
        validation.check(!absent.equals(standIn), "stand_in", "must be somebody else");
        scope.ifPresent(where -> validation.check(
                memberships.find(absent, where).isPresent(), "scope", "must be one that you are a member of"));
        validation.check(
                absent.equals(standIn) || scope.map(shared::contains).orElse(!shared.isEmpty()),
                "stand_in",
                "must be a member of an organization or project of yours, the chosen one if there is one");
        validation.check(endsAt != null && endsAt.isAfter(from), "until", "must be after the beginning, and to come");
        validation.check(
                endsAt == null || !endsAt.isAfter(from.plus(LONGEST)),
                "until",
                "must be within a year of the beginning");
        validation.check(
                reason == null || reason.length() <= MAX_REASON_LENGTH,
                "reason",
                "must have at most " + MAX_REASON_LENGTH + " characters");
        validation.done();
        // One at a time for each of the two, so that two who name each other in the same moment meet.
        jdbc.sql("select id from users where id in (?, ?) order by id for no key update")
                .params(absent.value(), standIn.value())
                .query(String.class)
                .list();
        List<Delegation> overlapping = overlapping(standIn, from, endsAt);
        overlapping.addAll(overlapping(absent, from, endsAt));
        for (Delegation other : overlapping) {
            boolean meets =
                    scope.isEmpty() || other.scope().isEmpty() || other.scope().equals(scope);
            if (meets && other.absent().equals(standIn)) {
                throw new Conflict(
                        "delegation_chain",
                        standIn + " is away in that time too, and a stand-in has no stand-in. Choose somebody else.");
            }
            if (meets && other.absent().equals(absent) && other.standIn().equals(standIn)) {
                throw new Conflict("delegation_exists", standIn + " stands in for you in that time already.");
            }
        }
        Delegation delegation = new Delegation(
                UUID.randomUUID(),
                absent,
                standIn,
                scope,
                from,
                endsAt,
                reason == null || reason.isBlank() ? null : reason.strip(),
                absent,
                now,
                Optional.empty(),
                Optional.empty());
        jdbc.sql("""
                        insert into delegations
                            (id, absent, stand_in, scope, starts_at, ends_at, reason, created_by, created_at, noted)
                        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""")
                .params(
                        delegation.id(),
                        absent.value(),
                        standIn.value(),
                        scope.map(Scope::toString).orElse(null),
                        Timestamp.from(from),
                        Timestamp.from(endsAt),
                        delegation.reason(),
                        absent.value(),
                        Timestamp.from(now),
                        from.isAfter(now) ? "coming" : "begun")
                .update();
        record("delegate", delegation, Difference.NONE);
        announce(delegation, shared, from.isAfter(now) ? DelegationChanged.What.PLANNED : DelegationChanged.What.BEGUN);
        return delegation;
    }

    /**
     * Ends a delegation before its time.
     *
     * @param actor either of the two, an owner or admin of a scope where it holds, or a superadmin
     * @throws NotFound if there is none of that id that the actor may see
     * @throws Forbidden with {@code missing_permission} if they may see it and not end it
     * @throws Conflict with {@code wrong_state} if it is over
     */
    public Delegation end(UserId actor, UUID id) {
        Delegation delegation = jdbc.sql("select * from delegations where id = ? for update")
                .param(id)
                .query(Delegations::read)
                .optional()
                .filter(found -> maySee(actor, found))
                .orElseThrow(() -> new NotFound("delegation", id.toString()));
        if (!mayEnd(actor, delegation)) {
            throw new Forbidden("missing_permission", "Only the two, an owner, an admin or a superadmin ends this.");
        }
        Instant now = clock.instant();
        if (delegation.over(now)) {
            throw new Conflict("wrong_state", "This delegation is over already.");
        }
        end(actor, delegation, now);
        return jdbc.sql("select * from delegations where id = ?")
                .param(id)
                .query(Delegations::read)
                .single();
    }

    private void end(UserId actor, Delegation delegation, Instant now) {
        jdbc.sql("update delegations set ended_at = ?, ended_by = ?, noted = 'over' where id = ?")
                .params(Timestamp.from(now), actor.value(), delegation.id())
                .update();
        record(
                "end_delegation",
                delegation,
                new Difference(Map.of("until", delegation.endsAt()), Map.of("until", now)));
        announce(delegation, shared(delegation.absent(), delegation.standIn()), DelegationChanged.What.ENDED);
    }

    /**
     * Announces what began or ended by the clock since the last time: pending approvals are then looked at as after any
     * other change among people.
     */
    public void noteWhatBeganOrEnded() {
        Timestamp now = Timestamp.from(clock.instant());
        Map<Delegation, DelegationChanged.What> changed = new HashMap<>();
        jdbc.sql("select * from delegations where noted <> 'over' and ends_at <= ? for update skip locked")
                .param(now)
                .query(Delegations::read)
                .list()
                .forEach(over -> changed.put(over, DelegationChanged.What.ENDED));
        jdbc.sql("""
                        select * from delegations where noted = 'coming' and starts_at <= ? and ends_at > ?
                        for update skip locked""")
                .params(now, now)
                .query(Delegations::read)
                .list()
                .forEach(begun -> changed.put(begun, DelegationChanged.What.BEGUN));
        changed.forEach((delegation, what) -> {
            jdbc.sql("update delegations set noted = ? where id = ?")
                    .params(what == DelegationChanged.What.BEGUN ? "begun" : "over", delegation.id())
                    .update();
            announce(delegation, shared(delegation.absent(), delegation.standIn()), what);
        });
    }

    /** Ends what names somebody who is deactivated, given or held, now or later. */
    @EventListener
    void endAll(PersonDeactivated deactivated) {
        UserId user = deactivated.user();
        Instant now = clock.instant();
        jdbc.sql("""
                        select * from delegations
                        where ended_at is null and ends_at > ? and (absent = ? or stand_in = ?) order by id for update""")
                .params(Timestamp.from(now), user.value(), user.value())
                .query(Delegations::read)
                .list()
                .forEach(delegation -> end(deactivated.by(), delegation, now));
    }

    /** @return whether {@link #end} would let this person end it */
    @Transactional(readOnly = true)
    public boolean mayEnd(UserId actor, Delegation delegation) {
        return actor.equals(delegation.absent())
                || actor.equals(delegation.standIn())
                || memberships.of(actor).stream()
                        .anyMatch(member -> member.scope().equals(Scope.PLATFORM)
                                || member.administers() && holdsIn(delegation, member.scope()));
    }

    private boolean maySee(UserId actor, Delegation delegation) {
        return mayEnd(actor, delegation)
                || memberships.of(actor).stream().anyMatch(member -> holdsIn(delegation, member.scope()));
    }

    private boolean holdsIn(Delegation delegation, Scope scope) {
        return delegation.covers(scope)
                && memberships.find(delegation.absent(), scope).isPresent()
                && memberships.find(delegation.standIn(), scope).isPresent();
    }

    private List<Delegation> overlapping(UserId absent, Instant from, Instant until) {
        return new ArrayList<>(jdbc.sql("""
                        select * from delegations
                        where absent = ? and ended_at is null and starts_at < ? and ends_at > ?""")
                .params(absent.value(), Timestamp.from(until), Timestamp.from(from))
                .query(Delegations::read)
                .list());
    }

    private Set<Scope> shared(UserId one, UserId other) {
        Set<Scope> shared =
                memberships.of(one).stream().map(Membership::scope).collect(Collectors.toCollection(HashSet::new));
        shared.retainAll(memberships.of(other).stream().map(Membership::scope).collect(Collectors.toSet()));
        return shared;
    }

    private void announce(Delegation delegation, Set<Scope> shared, DelegationChanged.What what) {
        inForceOf.clear();
        inForceIn.clear();
        Set<Scope> scopes = shared.stream().filter(delegation::covers).collect(Collectors.toSet());
        events.publishEvent(new DelegationChanged(delegation, what, scopes));
    }

    private void record(String action, Delegation delegation, Difference difference) {
        Map<String, Object> details = new HashMap<>();
        details.put("absent", delegation.absent());
        details.put("stand_in", delegation.standIn());
        details.put("from", delegation.startsAt());
        details.put("until", delegation.endsAt());
        if (delegation.reason() != null) {
            details.put("reason", delegation.reason());
        }
        audit.record(
                action,
                "delegation",
                delegation.id().toString(),
                people.find(delegation.standIn())
                                .map(Person::displayName)
                                .orElse(delegation.standIn().value())
                        + " for "
                        + people.find(delegation.absent())
                                .map(Person::displayName)
                                .orElse(delegation.absent().value()),
                delegation.scope().orElse(Scope.PLATFORM).toString(),
                details,
                difference);
    }

    private static Delegation read(ResultSet row, int number) throws SQLException {
        return new Delegation(
                row.getObject("id", UUID.class),
                new UserId(row.getString("absent")),
                new UserId(row.getString("stand_in")),
                Optional.ofNullable(row.getString("scope")).map(Scope::parse),
                row.getTimestamp("starts_at").toInstant(),
                row.getTimestamp("ends_at").toInstant(),
                row.getString("reason"),
                new UserId(row.getString("created_by")),
                row.getTimestamp("created_at").toInstant(),
                Optional.ofNullable(row.getTimestamp("ended_at")).map(Timestamp::toInstant),
                Optional.ofNullable(row.getString("ended_by")).map(UserId::new));
    }
}
