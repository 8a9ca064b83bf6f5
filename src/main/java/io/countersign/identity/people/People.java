package io.countersign.identity.people;

import io.countersign.api.paging.Page;
import io.countersign.api.paging.PageQuery;
import io.countersign.api.paging.SearchRequest;
import io.countersign.api.problem.Conflict;
import io.countersign.api.problem.ErrorCode;
import io.countersign.api.problem.Forbidden;
import io.countersign.api.problem.InvalidInput;
import io.countersign.api.problem.NotFound;
import io.countersign.api.validation.DisplayName;
import io.countersign.api.validation.Validation;
import io.countersign.audit.AuditAction;
import io.countersign.audit.AuditTrail;
import io.countersign.audit.Difference;
import io.countersign.identity.Principal;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import io.countersign.identity.membership.Membership;
import io.countersign.identity.membership.MembershipChanged;
import io.countersign.identity.membership.Memberships;
import io.countersign.identity.throttle.SignInThrottle;
import io.countersign.identity.throttle.TooManyAttempts;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/** Everyone who can sign in. */
@Component
@Transactional
public class People {

    /** The rule for user names. */
    static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9._-]{0,62}");

    private static final int MAX_REASON_LENGTH = 2000;

    private static final int MIN_PASSWORD_LENGTH = 12;

    /** The maximum for bcrypt, which would refuse more. */
    private static final int MAX_PASSWORD_BYTES = 72;

    /** How long the creator of an account is presumed to be its user. */
    private static final Duration OF_LATE = Duration.ofDays(7);

    private static final String COLUMNS =
            "select id, display_name, email, email_confirmed, superadmin, engine_admin, deactivated_at from users";

    private final JdbcClient jdbc;
    private final Memberships memberships;
    private final PrincipalNames names;
    private final PasswordEncoder passwords;
    private final SignInThrottle throttle;
    private final TransactionTemplate transaction;
    private final AuditTrail audit;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    People(
            JdbcClient jdbc,
            Memberships memberships,
            PrincipalNames names,
            PasswordEncoder passwords,
            SignInThrottle throttle,
            TransactionTemplate transaction,
            AuditTrail audit,
            ApplicationEventPublisher events,
            Clock clock) {
        this.jdbc = jdbc;
        this.memberships = memberships;
        this.names = names;
        this.passwords = passwords;
        this.throttle = throttle;
        this.transaction = transaction;
        this.audit = audit;
        this.events = events;
        this.clock = clock;
    }

    /** @return the person, or empty if there is none of that name */
    @Transactional(readOnly = true)
    public Optional<Person> find(UserId id) {
        return jdbc.sql(COLUMNS + " where id = ?")
                .param(id.value())
                .query(People::person)
                .optional();
    }

    /**
     * @param id a user name
     * @return the person
     * @throws NotFound if there is none of that name
     */
    @Transactional(readOnly = true)
    public Person get(UserId id) {
        return find(id).orElseThrow(() -> new NotFound("user", id.value()));
    }

    /**
     * @param request the page, and a text that their names or addresses must contain
     * @return people, ordered by user name
     */
    @Transactional(readOnly = true)
    public Page<Person> list(SearchRequest request) {
        PageQuery query = PageQuery.of(COLUMNS + " where true");
        request.text().ifPresent(text -> query.and("""
                (strpos(id, lower(?)) > 0 or strpos(lower(display_name), lower(?)) > 0
                 or strpos(lower(email), lower(?)) > 0)""", text, text, text));
        return query.page(jdbc, People::person, "id", person -> person.id().value(), request);
    }

    /**
     * @param id a user name
     * @return the person
     * @throws NotFound if there is none of that name
     * @throws Conflict with {@code deactivated} if they are deactivated
     */
    @Transactional(readOnly = true)
    public Person getActive(UserId id) {
        Person person = get(id);
        if (!person.active()) {
            throw new Conflict(ErrorCode.DEACTIVATED, person.displayName() + " is deactivated.");
        }
        return person;
    }

    /** @return those of them who exist, ordered by name */
    @Transactional(readOnly = true)
    public List<Person> findAll(Collection<UserId> users) {
        return users.isEmpty()
                ? List.of()
                : jdbc.sql(COLUMNS + " where id = any (?) order by id")
                        .param(users.stream().map(UserId::value).toArray(String[]::new))
                        .query(People::person)
                        .list();
    }

    /** @return those of them who are deactivated */
    @Transactional(readOnly = true)
    public Set<UserId> deactivatedAmong(Collection<UserId> users) {
        return users.isEmpty()
                ? Set.of()
                : jdbc.sql("select id from users where id = any (?) and deactivated_at is not null")
                        .param(users.stream().map(UserId::value).toArray(String[]::new))
                        .query((row, n) -> new UserId(row.getString("id")))
                        .set();
    }

    /** @return everyone, ordered by name */
    @Transactional(readOnly = true)
    public List<Person> all() {
        return jdbc.sql(COLUMNS + " order by id").query(People::person).list();
    }

    /** @return the stored hash, or empty if there is no person of that name */
    @Transactional(readOnly = true)
    public Optional<String> passwordHash(UserId id) {
        return jdbc.sql("select password_hash from users where id = ?")
                .param(id.value())
                .query(String.class)
                .optional();
    }

    /**
     * Adds a person.
     *
     * @param person the person; the address counts as confirmed only if {@code emailConfirmed} is set
     * @param password at least 12 characters and at most 72 bytes
     * @throws InvalidInput if a field breaks its rule
     * @throws Conflict with {@code user_exists} if the name is taken
     */
    public void add(Person person, String password) {
        add(person, password, PrincipalNames.reserved(person.id().value()));
    }

    /** Adds the first person, for whom the name may be reserved. */
    void addFirst(Person person, String password) {
        String name = person.id().value();
        add(person, password, PrincipalNames.reserved(name) && !name.equals(PrincipalNames.FIRST_ADMINISTRATOR));
    }

    private void add(Person person, String password, boolean reserved) {
        Validation validation = new Validation();
        validation.check(
                ID.matcher(person.id().value()).matches(),
                "id",
                "must be 1 to 63 lower-case letters, digits, dots, dashes or underscores, starting with a letter or digit");
        validation.check(!reserved, "id", PrincipalNames.NOT_RESERVED);
        DisplayName.check(validation, person.displayName(), "display_name", DisplayName.MAX_LENGTH);
        checkAddress(validation, person.email());
        checkPassword(validation, "password", password);
        validation.done();
        if (person.superadmin()) {
            memberships.holdToChange(Scope.PLATFORM);
        }
        if (!insert(person, password)) {
            throw new Conflict(ErrorCode.USER_EXISTS, "There is a user \"" + person.id() + "\" already.");
        }
        memberships.readAnew();
        announce(person.id(), Optional.empty());
        Map<String, Object> added = new TreeMap<>();
        added.put("display_name", person.displayName());
        added.put("email", person.email());
        added.put("superadmin", person.superadmin());
        audit.record(
                AuditAction.CREATE,
                person.auditSubject(),
                Map.of("superadmin", person.superadmin()),
                Difference.created(added));
    }

    /**
     * Adds a person unless the name exists, with any password: for demonstration data.
     *
     * @return whether the person was added
     * @throws InvalidInput if a principal of another kind has the name
     */
    public boolean insert(Person person, String password) {
        boolean added = jdbc.sql("""
                                insert into users (id, display_name, email, email_confirmed, password_hash,
                                                   superadmin, engine_admin)
                                values (?, ?, ?, ?, ?, ?, ?) on conflict do nothing""")
                        .params(
                                person.id().value(),
                                person.displayName(),
                                person.email(),
                                person.emailConfirmed(),
                                passwords.encode(password),
                                person.superadmin(),
                                person.engineAdmin())
                        .update()
                == 1;
        if (added && !names.claim(Principal.of(person.id()))) {
            throw new InvalidInput("id", "must not be the client ID of an orchestrator");
        }
        return added;
    }

    /**
     * Changes a person's own password, and ends all their other sessions and tokens.
     *
     * @param current their present password
     * @param next at least 12 characters and at most 72 bytes
     * @throws InvalidInput if the present password is wrong or the new one too short or too long
     * @throws TooManyAttempts after too many wrong passwords, here or at sign-in
     */
    @Transactional(propagation = Propagation.NOT_SUPPORTED)
    public void changePassword(UserId id, String current, String next) {
        // Outside a transaction: a wrong guess is counted even though nothing changes.
        Validation validation = new Validation();
        validation.check(isPassword(id, current), "current_password", "is not your password");
        checkPassword(validation, "new_password", next);
        validation.done();
        transaction.executeWithoutResult(status -> setPassword(id, next));
    }

    private boolean isPassword(UserId id, String password) {
        try {
            return throttle.attempt(SignInThrottle.Door.USER, id.value(), () -> true, () -> {
                if (!passwords.matches(password, passwordHash(id).orElse(null))) {
                    throw new BadCredentialsException("This is not your current password.");
                }
                return true;
            });
        } catch (BadCredentialsException e) {
            return false;
        }
    }

    private void setPassword(UserId id, String next) {
        writePassword(id, next);
        audit.record(AuditAction.UPDATE, get(id).auditSubject(), Map.of("password", "changed"));
    }

    private void writePassword(UserId id, String next) {
        jdbc.sql("update users set password_hash = ? where id = ?")
                .params(passwords.encode(next), id.value())
                .update();
        events.publishEvent(new CredentialsChanged(id));
    }

    /**
     * Sets the password of a person who followed an invitation, and ends all their sessions and tokens.
     *
     * @param mailedTo the address that the link was mailed to, which is confirmed by that; null if it was not mailed
     * @throws InvalidInput with the field {@code password} if it breaks its rule
     */
    void setInvitedPassword(UserId id, String password, String mailedTo) {
        Validation validation = new Validation();
        checkPassword(validation, "password", password);
        validation.done();
        writePassword(id, password);
        confirmAddress(id, mailedTo);
    }

    /**
     * Records that an address was proven to be a person's own, for example by a mailed link.
     *
     * @param address the address; if it is not the account's, or null, nothing changes
     */
    public void confirmAddress(UserId id, String address) {
        int confirmed = jdbc.sql("""
                        update users set email_confirmed = true
                        where id = ? and lower(email) = lower(?) and not email_confirmed""").params(id.value(), address).update();
        if (confirmed == 1) {
            Person person = get(id);
            audit.record(
                    AuditAction.CONFIRM,
                    person.auditSubject(),
                    Map.of("email", person.email()),
                    new Difference(Map.of("email_confirmed", false), Map.of("email_confirmed", true)));
            events.publishEvent(new AddressConfirmed(id, person.email()));
        }
    }

    /**
     * Sets a person's address, not yet confirmed.
     *
     * @throws InvalidInput with the field {@code email} if it is not a valid address
     */
    void setAddress(UserId id, String email) {
        Validation validation = new Validation();
        checkAddress(validation, email);
        validation.done();
        Person before = get(id);
        jdbc.sql("update users set email = ?, email_confirmed = false where id = ?")
                .params(email, id.value())
                .update();
        Map<String, Object> was = new TreeMap<>();
        was.put("email", before.email());
        audit.record(AuditAction.UPDATE, before.auditSubject(), Map.of(), new Difference(was, Map.of("email", email)));
    }

    /** Records that a superadmin proposes another person as superadmin, pending confirmation by a second one. */
    void askForSuperadmin(UserId actor, UserId id) {
        jdbc.sql("update users set superadmin_asked_by = ?, superadmin_asked_at = ? where id = ?")
                .params(actor.value(), Timestamp.from(clock.instant()), id.value())
                .update();
        recordSuperadmin(AuditAction.ASK_SUPERADMIN, id, Map.of(), Difference.NONE);
        events.publishEvent(new SuperadminAsked(id, actor));
    }

    /** @return for each proposed superadmin among some people, the proposer */
    @Transactional(readOnly = true)
    public Map<UserId, UserId> superadminAskedBy(Collection<UserId> users) {
        Map<UserId, UserId> asked = new HashMap<>();
        jdbc.sql("select id, superadmin_asked_by from users where id = any (?) and superadmin_asked_by is not null")
                .param(users.stream().map(UserId::value).toArray(String[]::new))
                .query(row -> {
                    asked.put(new UserId(row.getString("id")), new UserId(row.getString("superadmin_asked_by")));
                });
        return asked;
    }

    /**
     * Confirms a proposed superadmin.
     *
     * @param actor a superadmin; not the proposer, not one whose account the proposer recently created, and not the
     *     person
     * @throws Forbidden with {@code missing_permission} unless the actor is a superadmin, with
     *     {@code second_superadmin} if another one must do it
     * @throws NotFound if there is no person of that name
     * @throws Conflict with {@code wrong_state} if there is no proposal
     */
    public Person confirmSuperadmin(UserId actor, UserId id) {
        Person person = lockToManage(actor, id);
        UserId asking = asking(person);
        boolean made = jdbc.sql("select exists (select from users where id = ? and made_by = ? and made_at > ?)")
                .params(
                        actor.value(),
                        asking.value(),
                        Timestamp.from(clock.instant().minus(OF_LATE)))
                .query(Boolean.class)
                .single();
        if (actor.equals(asking) || actor.equals(id) || made) {
            throw new Forbidden(
                    ErrorCode.SECOND_SUPERADMIN,
                    "Another superadmin must do this: not " + asking
                            + ", and not one whose account they recently created.");
        }
        memberships.holdToChange(Scope.PLATFORM);
        jdbc.sql("""
                        update users set superadmin = true, superadmin_asked_by = null, superadmin_asked_at = null
                        where id = ?""").param(id.value()).update();
        memberships.readAnew();
        recordSuperadmin(
                AuditAction.CONFIRM_SUPERADMIN,
                id,
                Map.of("asked_by", asking),
                new Difference(Map.of("superadmin", false), Map.of("superadmin", true)));
        announce(id, Optional.empty());
        return get(id);
    }

    /**
     * Declines a proposed superadmin.
     *
     * @param actor any superadmin
     * @throws Forbidden with {@code missing_permission} unless the actor is a superadmin
     * @throws NotFound if there is no person of that name
     * @throws Conflict with {@code wrong_state} if there is no proposal
     */
    public Person declineSuperadmin(UserId actor, UserId id) {
        Person person = lockToManage(actor, id);
        UserId asking = asking(person);
        jdbc.sql("update users set superadmin_asked_by = null, superadmin_asked_at = null where id = ?")
                .param(id.value())
                .update();
        recordSuperadmin(AuditAction.DECLINE_SUPERADMIN, id, Map.of("asked_by", asking), Difference.NONE);
        return person;
    }

    private UserId asking(Person person) {
        return Optional.ofNullable(superadminAskedBy(List.of(person.id())).get(person.id()))
                .orElseThrow(() -> new Conflict(
                        ErrorCode.WRONG_STATE,
                        "Nobody has asked for " + person.displayName() + " to become a superadmin."));
    }

    private void recordSuperadmin(AuditAction action, UserId id, Map<String, ?> details, Difference difference) {
        audit.record(action, get(id).auditSubject(), details, difference);
    }

    /**
     * Sets a person's platform roles without an actor, as an identity provider grants and removes them. Removing a role
     * also affects earlier sign-ins.
     *
     * @param superadmin whether they hold the platform role
     * @param engineAdmin whether they administer the engine
     */
    public void setPlatformRoles(UserId id, boolean superadmin, boolean engineAdmin) {
        memberships.holdToChange(Scope.PLATFORM);
        Person before = get(id);
        Optional<Membership> memberBefore = memberships.find(id, Scope.PLATFORM);
        jdbc.sql("update users set superadmin = ?, engine_admin = ? where id = ?")
                .params(superadmin, engineAdmin, id.value())
                .update();
        memberships.readAnew();
        audit.record(
                AuditAction.UPDATE,
                before.auditSubject(),
                Map.of("superadmin", superadmin, "engine_admin", engineAdmin));
        announce(id, memberBefore);
        if (before.superadmin() && !superadmin || before.engineAdmin() && !engineAdmin) {
            events.publishEvent(new CredentialsChanged(id));
        }
    }

    /** Announces a changed platform role, if it did change. */
    private void announce(UserId id, Optional<Membership> before) {
        Optional<Membership> after = memberships.find(id, Scope.PLATFORM);
        if (!before.equals(after)) {
            events.publishEvent(new MembershipChanged(id, Scope.PLATFORM, before, after));
        }
    }

    /**
     * Ends everything a person can do here, immediately: sessions, tokens, delegations and roles. Memberships apply
     * again after reactivation.
     *
     * @param actor a superadmin, but not the person
     * @param reason why, for the trail; may be null
     * @throws Forbidden with {@code missing_permission} unless the actor is a superadmin
     * @throws NotFound if there is no person of that name
     * @throws Conflict with {@code not_yourself}, or with {@code wrong_state} if they are deactivated already
     * @throws InvalidInput if the reason is too long
     */
    public Person deactivate(UserId actor, UserId id, String reason) {
        Person person = lockToManage(actor, id);
        Map<String, Object> details = checkReason(reason);
        if (actor.equals(id)) {
            throw new Conflict(ErrorCode.NOT_YOURSELF, "Another superadmin must deactivate your account.");
        }
        if (!person.active()) {
            throw new Conflict(ErrorCode.WRONG_STATE, person.displayName() + " is already deactivated.");
        }
        List<Membership> before = held(id);
        // While their memberships still show who else is affected.
        events.publishEvent(new PersonDeactivated(id, actor));
        jdbc.sql("""
                        update users set deactivated_at = ?, deactivated_by = ?,
                               superadmin_asked_by = null, superadmin_asked_at = null
                        where id = ?""")
                .params(Timestamp.from(clock.instant()), actor.value(), id.value())
                .update();
        // An account that was never used still counts as unused after reactivation.
        jdbc.sql("update invitations set expires_at = least(expires_at, ?) where user_id = ?")
                .params(Timestamp.from(clock.instant()), id.value())
                .update();
        memberships.readAnew();
        person = recordActive(AuditAction.DEACTIVATE, id, details);
        before.forEach(member ->
                events.publishEvent(new MembershipChanged(id, member.scope(), Optional.of(member), Optional.empty())));
        return person;
    }

    /**
     * Lets a deactivated person sign in and act again with their earlier memberships. Delegations stay ended.
     *
     * @param actor a superadmin
     * @param reason why, for the trail; may be null
     * @throws Forbidden with {@code missing_permission} unless the actor is a superadmin
     * @throws NotFound if there is no person of that name
     * @throws Conflict with {@code wrong_state} if they are not deactivated
     * @throws InvalidInput if the reason is too long
     */
    public Person reactivate(UserId actor, UserId id, String reason) {
        Person person = lockToManage(actor, id);
        Map<String, Object> details = checkReason(reason);
        if (person.active()) {
            throw new Conflict(ErrorCode.WRONG_STATE, person.displayName() + " is not deactivated.");
        }
        jdbc.sql("update users set deactivated_at = null, deactivated_by = null where id = ?")
                .param(id.value())
                .update();
        memberships.readAnew();
        person = recordActive(AuditAction.REACTIVATE, id, details);
        held(id).forEach(member ->
                events.publishEvent(new MembershipChanged(id, member.scope(), Optional.empty(), Optional.of(member))));
        return person;
    }

    /** @throws Forbidden with {@code missing_permission} unless the actor is a superadmin */
    public void requireMayManage(UserId actor) {
        if (memberships.find(actor, Scope.PLATFORM).isEmpty()) {
            throw new Forbidden(ErrorCode.MISSING_PERMISSION, "Only superadmins can manage users.");
        }
    }

    Person lockToManage(UserId actor, UserId id) {
        requireMayManage(actor);
        return jdbc.sql(COLUMNS + " where id = ? for no key update")
                .param(id.value())
                .query(People::person)
                .optional()
                .orElseThrow(() -> new NotFound("user", id.value()));
    }

    /** @return a person's memberships everywhere, locked in one order to avoid deadlocks */
    private List<Membership> held(UserId id) {
        memberships.of(id).stream()
                .map(Membership::scope)
                .sorted(Comparator.comparing(Scope::toString))
                .forEach(memberships::holdToChange);
        return memberships.of(id);
    }

    private Person recordActive(AuditAction action, UserId id, Map<String, Object> details) {
        Person person = get(id);
        audit.record(
                action,
                person.auditSubject(),
                details,
                new Difference(Map.of("active", !person.active()), Map.of("active", person.active())));
        return person;
    }

    private static Map<String, Object> checkReason(String reason) {
        if (reason == null || reason.isBlank()) {
            return Map.of();
        }
        if (reason.length() > MAX_REASON_LENGTH) {
            throw new InvalidInput("reason", "must have at most " + MAX_REASON_LENGTH + " characters");
        }
        return Map.of("reason", reason.strip());
    }

    private static void checkAddress(Validation validation, String email) {
        validation.check(email == null || email.matches("[^@\\s]+@[^@\\s]+"), "email", "must be an e-mail address");
    }

    private static void checkPassword(Validation validation, String field, String password) {
        validation.check(
                password != null
                        && password.length() >= MIN_PASSWORD_LENGTH
                        && password.getBytes(StandardCharsets.UTF_8).length <= MAX_PASSWORD_BYTES,
                field,
                "must have at least %d characters and at most %d bytes in UTF-8 (an accented letter counts as two)"
                        .formatted(MIN_PASSWORD_LENGTH, MAX_PASSWORD_BYTES));
    }

    /**
     * @param row a row with the person columns of {@code users}
     * @param number ignored
     * @return the person
     */
    public static Person person(ResultSet row, int number) throws SQLException {
        return new Person(
                new UserId(row.getString("id")),
                row.getString("display_name"),
                row.getString("email"),
                row.getBoolean("email_confirmed"),
                row.getBoolean("superadmin"),
                row.getBoolean("engine_admin"),
                Optional.ofNullable(row.getTimestamp("deactivated_at"))
                        .map(Timestamp::toInstant)
                        .orElse(null));
    }
}
