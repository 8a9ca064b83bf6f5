package io.countersign.identity.delegation;

import io.countersign.api.problem.Conflict;
import io.countersign.api.problem.ErrorCode;
import io.countersign.api.problem.Forbidden;
import io.countersign.api.problem.InvalidInput;
import io.countersign.api.problem.NotFound;
import io.countersign.api.validation.Validation;
import io.countersign.audit.AuditAction;
import io.countersign.audit.AuditSubject;
import io.countersign.audit.AuditTrail;
import io.countersign.audit.Difference;
import io.countersign.identity.CurrentUser;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import io.countersign.identity.membership.Membership;
import io.countersign.identity.membership.MembershipChanged;
import io.countersign.identity.membership.Memberships;
import io.countersign.identity.people.People;
import io.countersign.identity.people.Person;
import io.countersign.identity.people.PersonDeactivated;
import io.countersign.transaction.TransactionMemory;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
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
 * Manages who decides approvals on whose behalf. A person becomes a stand-in by accepting, and loses no rights by it. A
 * stand-in represents only the absent person, never the people that person stands in for, and only in scopes of their
 * own membership, so being named gives no access to an organization or project.
 */
@Component
@Transactional
public class Delegations {

    private static final Duration LONGEST = Duration.ofDays(366);
    private static final int MAX_REASON_LENGTH = 500;

    /** Each proposal is an unsolicited mail. */
    private static final int MAX_UNANSWERED = 20;

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
                        where ended_at is null and declined_at is null and accepted_at is not null
                          and starts_at <= ? and ends_at > ? and (stand_in = ? or absent = ?)
                        order by starts_at, id""")
                .params(now, now, user.value(), user.value())
                .query(Delegations::read)
                .list();
    }

    /** @return the delegations in force in a scope, for all people */
    @Transactional(readOnly = true)
    public List<Delegation> inForceIn(Scope scope) {
        return inForceIn.get(scope, () -> readInForceIn(scope));
    }

    private List<Delegation> readInForceIn(Scope scope) {
        Timestamp now = Timestamp.from(clock.instant());
        return jdbc.sql("""
                        select * from delegations
                        where ended_at is null and declined_at is null and accepted_at is not null
                          and starts_at <= ? and ends_at > ? and (scope is null or scope = ?)
                        order by starts_at, id""")
                .params(now, now, scope.toString())
                .query(Delegations::read)
                .list();
    }

    /** @return a person's delegations in both directions, newest first, including past ones */
    @Transactional(readOnly = true)
    public List<Delegation> of(UserId user) {
        return jdbc.sql("select * from delegations where stand_in = ? or absent = ? order by starts_at desc, id")
                .params(user.value(), user.value())
                .query(Delegations::read)
                .list();
    }

    /**
     * @param reader an owner or admin of the scope, or a superadmin, who sees all on the platform
     * @return the active, planned and proposed delegations among a scope's members
     * @throws NotFound if the reader is no member
     * @throws Forbidden if they do not administer the scope
     */
    @Transactional(readOnly = true)
    public List<Delegation> in(UserId reader, Scope scope) {
        boolean superadmin = memberships.find(reader, Scope.PLATFORM).isPresent();
        if (!superadmin && scope.equals(Scope.PLATFORM)) {
            throw new Forbidden(ErrorCode.MISSING_PERMISSION, "Only superadmins can do this.");
        }
        if (!superadmin
                && !memberships
                        .find(reader, scope)
                        .orElseThrow(() -> new NotFound(scope.type().wireName(), scope.id()))
                        .administers()) {
            throw new Forbidden(
                    ErrorCode.MISSING_PERMISSION, "Only owners and admins can see other people's stand-ins.");
        }
        List<Delegation> present = jdbc.sql("""
                        select * from delegations where ended_at is null and declined_at is null and ends_at > ?
                        order by starts_at, id""")
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
     * Proposes a stand-in to a person. Nothing changes until they accept.
     *
     * @param absent the absent person, who names their own stand-in
     * @param scope its only scope; empty for wherever both are members
     * @param startsAt its start; now if in the past
     * @param reason the reason, for people; may be null
     * @return the proposal
     * @throws InvalidInput if a field breaks its rule: people cannot stand in for themselves, or where they are not
     *     members
     * @throws Conflict with {@code delegation_chain} if the stand-in has a stand-in of their own during that time, with
     *     {@code delegation_exists} if a delegation of that period names the same person there, with
     *     {@code too_many_proposals} if too many of this person's proposals are unanswered
     */
    public Delegation add(
            UserId absent, UserId standIn, Optional<Scope> scope, Instant startsAt, Instant endsAt, String reason) {
        Instant now = clock.instant();
        Instant from = startsAt == null || startsAt.isBefore(now) ? now : startsAt;
        Validation validation = new Validation();
        Set<Scope> shared = shared(absent, standIn);
        validation.check(!absent.equals(standIn), "stand_in", "must be another person");
        scope.ifPresent(where -> validation.check(
                memberships.find(absent, where).isPresent(), "scope", "must be one you are a member of"));
        validation.check(
                absent.equals(standIn) || scope.map(shared::contains).orElse(!shared.isEmpty()),
                "stand_in",
                "must be a member of one of your organizations or projects (of the chosen one, if any)");
        validation.check(endsAt != null && endsAt.isAfter(from), "until", "must be after the start and in the future");
        validation.check(
                endsAt == null || !endsAt.isAfter(from.plus(LONGEST)), "until", "must be within a year of the start");
        validation.check(
                reason == null || reason.length() <= MAX_REASON_LENGTH,
                "reason",
                "must have at most " + MAX_REASON_LENGTH + " characters");
        validation.done();
        hold(absent, standIn);
        refuseChain(standIn, scope, from, endsAt, false);
        boolean exists = overlapping(absent, from, endsAt).stream()
                .anyMatch(other -> meet(scope, other) && other.standIn().equals(standIn));
        if (exists) {
            throw new Conflict(
                    ErrorCode.DELEGATION_EXISTS,
                    standIn + " has already been asked for that period, or stands in for you then.");
        }
        if (unanswered(absent, now) >= MAX_UNANSWERED) {
            throw new Conflict(
                    ErrorCode.TOO_MANY_PROPOSALS,
                    "You have " + MAX_UNANSWERED + " unanswered requests. End some first.");
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
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        jdbc.sql("""
                        insert into delegations
                            (id, absent, stand_in, scope, starts_at, ends_at, reason, created_by, created_at, noted)
                        values (?, ?, ?, ?, ?, ?, ?, ?, ?, 'coming')""")
                .params(
                        delegation.id(),
                        absent.value(),
                        standIn.value(),
                        scope.map(Scope::toString).orElse(null),
                        Timestamp.from(from),
                        Timestamp.from(endsAt),
                        delegation.reason(),
                        absent.value(),
                        Timestamp.from(now))
                .update();
        record(AuditAction.DELEGATE, delegation, Difference.NONE);
        announce(delegation, shared, DelegationChanged.What.PROPOSED);
        return delegation;
    }

    /**
     * Accepts a proposal: from now on, or from its start, the actor decides on the absent person's behalf.
     *
     * @param actor the stand-in
     * @return the updated delegation
     * @throws NotFound if there is none of that id that the actor may see
     * @throws Forbidden with {@code missing_permission} if they may see it but are not the stand-in
     * @throws Conflict with {@code wrong_state} if it was answered, is over, or the two no longer share a scope; with
     *     {@code delegation_chain} if the actor is away themselves during that time
     */
    public Delegation accept(UserId actor, UUID id) {
        Instant now = clock.instant();
        find(id).ifPresent(named -> hold(named.absent(), named.standIn()));
        Delegation proposal = lockProposal(actor, id, now);
        Set<Scope> shared = shared(proposal.absent(), proposal.standIn());
        if (shared.stream().noneMatch(proposal::covers)) {
            throw new Conflict(
                    ErrorCode.WRONG_STATE,
                    "You and " + proposal.absent() + " no longer have an organization or project in common.");
        }
        refuseChain(actor, proposal.scope(), proposal.startsAt(), proposal.endsAt(), true);
        boolean begins = !proposal.startsAt().isAfter(now);
        jdbc.sql("update delegations set accepted_at = ?, noted = ? where id = ?")
                .params(Timestamp.from(now), begins ? "begun" : "coming", id)
                .update();
        record(AuditAction.ACCEPT_DELEGATION, proposal, Difference.NONE);
        announce(proposal, shared, begins ? DelegationChanged.What.BEGUN : DelegationChanged.What.PLANNED);
        return get(id);
    }

    /**
     * Declines a proposal, which ends it.
     *
     * @param actor the stand-in
     * @return the updated delegation
     * @throws NotFound if there is none of that id that the actor may see
     * @throws Forbidden with {@code missing_permission} if they may see it but are not the stand-in
     * @throws Conflict with {@code wrong_state} if it was answered or is over
     */
    public Delegation decline(UserId actor, UUID id) {
        Instant now = clock.instant();
        Delegation proposal = lockProposal(actor, id, now);
        jdbc.sql("update delegations set declined_at = ?, noted = 'over' where id = ?")
                .params(Timestamp.from(now), id)
                .update();
        record(AuditAction.DECLINE_DELEGATION, proposal, Difference.NONE);
        announce(proposal, shared(proposal.absent(), proposal.standIn()), DelegationChanged.What.DECLINED);
        return get(id);
    }

    /** @return whether {@link #accept} and {@link #decline} would let this person answer */
    public boolean mayAnswer(UserId actor, Delegation delegation) {
        return delegation.standIn().equals(actor) && delegation.state(clock.instant()) == Delegation.State.PROPOSED;
    }

    private Delegation lockProposal(UserId actor, UUID id, Instant now) {
        Delegation delegation = lock(actor, id);
        if (!delegation.standIn().equals(actor)) {
            throw new Forbidden(ErrorCode.MISSING_PERMISSION, "Only the stand-in can answer.");
        }
        if (delegation.state(now) != Delegation.State.PROPOSED) {
            throw new Conflict(
                    ErrorCode.WRONG_STATE,
                    "This delegation is already " + delegation.state(now).wireName() + ".");
        }
        return delegation;
    }

    private Delegation lock(UserId actor, UUID id) {
        return jdbc.sql("select * from delegations where id = ? for update")
                .param(id)
                .query(Delegations::read)
                .optional()
                .filter(found -> maySee(actor, found))
                .orElseThrow(() -> new NotFound("delegation", id.toString()));
    }

    private Delegation get(UUID id) {
        return find(id).orElseThrow();
    }

    private Optional<Delegation> find(UUID id) {
        return jdbc.sql("select * from delegations where id = ?")
                .param(id)
                .query(Delegations::read)
                .optional();
    }

    /** Serializes changes for both people, so that two people who name each other concurrently are detected. */
    private void hold(UserId one, UserId other) {
        jdbc.sql("select id from users where id in (?, ?) order by id for no key update")
                .params(one.value(), other.value())
                .query(String.class)
                .list();
    }

    private void refuseChain(UserId standIn, Optional<Scope> scope, Instant from, Instant until, boolean acceptedOnly) {
        boolean away = overlapping(standIn, from, until).stream()
                .anyMatch(other -> meet(scope, other)
                        && (!acceptedOnly || other.acceptedAt().isPresent()));
        if (away) {
            throw new Conflict(
                    ErrorCode.DELEGATION_CHAIN,
                    standIn
                            + " is away during that time too, and delegated rights cannot be passed on. Choose another person.");
        }
    }

    private static boolean meet(Optional<Scope> scope, Delegation other) {
        return scope.isEmpty() || other.scope().isEmpty() || other.scope().equals(scope);
    }

    private int unanswered(UserId absent, Instant now) {
        return jdbc.sql("""
                        select count(*) from delegations
                        where absent = ? and ends_at > ? and ended_at is null and declined_at is null
                          and accepted_at is null""")
                .params(absent.value(), Timestamp.from(now))
                .query(Integer.class)
                .single();
    }

    /**
     * Ends a delegation early, or withdraws a proposal.
     *
     * @param actor either of the two, an owner or admin of one of its scopes, or a superadmin
     * @throws NotFound if there is none of that id that the actor may see
     * @throws Forbidden with {@code missing_permission} if they may see it but not end it
     * @throws Conflict with {@code wrong_state} if it is over
     */
    public Delegation end(UserId actor, UUID id) {
        Delegation delegation = lock(actor, id);
        if (!mayEnd(actor, delegation)) {
            throw new Forbidden(
                    ErrorCode.MISSING_PERMISSION,
                    "Only the two people involved, an owner, an admin or a superadmin can end this.");
        }
        Instant now = clock.instant();
        if (!delegation.open(now)) {
            throw new Conflict(ErrorCode.WRONG_STATE, "This delegation has already ended.");
        }
        end(actor, delegation, now, shared(delegation.absent(), delegation.standIn()));
        return get(id);
    }

    private void end(UserId actor, Delegation delegation, Instant now, Set<Scope> shared) {
        jdbc.sql("update delegations set ended_at = ?, ended_by = ?, noted = 'over' where id = ?")
                .params(Timestamp.from(now), actor.value(), delegation.id())
                .update();
        record(
                AuditAction.END_DELEGATION,
                delegation,
                new Difference(Map.of("until", delegation.endsAt()), Map.of("until", now)));
        announce(
                delegation,
                shared,
                delegation.acceptedAt().isPresent() ? DelegationChanged.What.ENDED : DelegationChanged.What.WITHDRAWN);
    }

    /** Announces delegations that began or ended by time since the last run. Unanswered ones simply expire. */
    public void noteWhatBeganOrEnded() {
        Timestamp now = Timestamp.from(clock.instant());
        Map<Delegation, DelegationChanged.What> changed = new HashMap<>();
        jdbc.sql("select * from delegations where noted <> 'over' and ends_at <= ? for update skip locked")
                .param(now)
                .query(Delegations::read)
                .list()
                .forEach(over -> changed.put(over, DelegationChanged.What.ENDED));
        jdbc.sql("""
                        select * from delegations
                        where noted = 'coming' and accepted_at is not null and starts_at <= ? and ends_at > ?
                        for update skip locked""")
                .params(now, now)
                .query(Delegations::read)
                .list()
                .forEach(begun -> changed.put(begun, DelegationChanged.What.BEGUN));
        changed.forEach((delegation, what) -> {
            jdbc.sql("update delegations set noted = ? where id = ?")
                    .params(what == DelegationChanged.What.BEGUN ? "begun" : "over", delegation.id())
                    .update();
            if (delegation.acceptedAt().isPresent()) {
                announce(delegation, shared(delegation.absent(), delegation.standIn()), what);
            }
        });
    }

    /** Ends all current and future delegations that a deactivated person gave or received. */
    @EventListener
    void endAll(PersonDeactivated deactivated) {
        UserId user = deactivated.user();
        Instant now = clock.instant();
        openOf(user, now)
                .forEach(delegation ->
                        end(deactivated.by(), delegation, now, shared(delegation.absent(), delegation.standIn())));
    }

    /** Ends delegations whose only scope the person has left. */
    @EventListener
    void endWhereNoMember(MembershipChanged change) {
        if (change.after().isPresent()) {
            return;
        }
        Instant now = clock.instant();
        UserId user = change.user();
        openOf(user, now).stream()
                .filter(delegation -> delegation
                        .scope()
                        .map(change.scope()::equals)
                        .orElseGet(() -> shared(delegation.absent(), delegation.standIn())
                                .isEmpty()))
                .forEach(delegation -> end(CurrentUser.find().orElse(user), delegation, now, Set.of(change.scope())));
    }

    private List<Delegation> openOf(UserId user, Instant now) {
        return jdbc.sql("""
                        select * from delegations
                        where ended_at is null and declined_at is null and ends_at > ?
                          and (absent = ? or stand_in = ?) order by id for update""")
                .params(Timestamp.from(now), user.value(), user.value())
                .query(Delegations::read)
                .list();
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
        return jdbc.sql("""
                        select * from delegations
                        where absent = ? and ended_at is null and declined_at is null and starts_at < ? and ends_at > ?""")
                .params(absent.value(), Timestamp.from(until), Timestamp.from(from))
                .query(Delegations::read)
                .list();
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

    private void record(AuditAction action, Delegation delegation, Difference difference) {
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
                new AuditSubject(
                        "delegation",
                        delegation.id().toString(),
                        people.find(delegation.standIn())
                                        .map(Person::displayName)
                                        .orElse(delegation.standIn().value())
                                + " for "
                                + people.find(delegation.absent())
                                        .map(Person::displayName)
                                        .orElse(delegation.absent().value()),
                        delegation.scope().orElse(Scope.PLATFORM).toString()),
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
                Optional.ofNullable(row.getTimestamp("accepted_at")).map(Timestamp::toInstant),
                Optional.ofNullable(row.getTimestamp("declined_at")).map(Timestamp::toInstant),
                Optional.ofNullable(row.getTimestamp("ended_at")).map(Timestamp::toInstant),
                Optional.ofNullable(row.getString("ended_by")).map(UserId::new));
    }
}
