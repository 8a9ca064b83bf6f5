package io.countersign.identity.people;

import io.countersign.api.http.BaseUrl;
import io.countersign.api.problem.Conflict;
import io.countersign.api.problem.ErrorCode;
import io.countersign.api.problem.Forbidden;
import io.countersign.api.problem.InvalidInput;
import io.countersign.api.problem.NotFound;
import io.countersign.api.secret.RandomToken;
import io.countersign.api.secret.Sha256;
import io.countersign.audit.AuditAction;
import io.countersign.audit.AuditActors;
import io.countersign.audit.AuditSubject;
import io.countersign.audit.AuditTrail;
import io.countersign.identity.Principal;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Creates accounts whose password only their owner knows: they set it with a single-use link. The link is mailed, or
 * shown to the superadmin if mail is not possible. Only its hash is stored.
 */
@Component
@Transactional
public class Invitations {

    /** The page behind a link; its parameter is {@code token}. */
    public static final String PATH = "/invitation";

    private static final Logger log = LoggerFactory.getLogger(Invitations.class);
    private static final Duration FIRST_WAIT = Duration.ofSeconds(10);
    private static final Duration LONGEST_WAIT = Duration.ofHours(1);

    private final JdbcClient jdbc;
    private final People people;
    private final InvitationPost post;
    private final PeopleProperties properties;
    private final BaseUrl baseUrl;
    private final AuditTrail audit;
    private final TransactionTemplate transaction;
    private final TransactionTemplate ownTransaction;
    private final Clock clock;

    Invitations(
            JdbcClient jdbc,
            People people,
            InvitationPost post,
            PeopleProperties properties,
            BaseUrl baseUrl,
            AuditTrail audit,
            PlatformTransactionManager transactions,
            Clock clock) {
        this.jdbc = jdbc;
        this.people = people;
        this.post = post;
        this.properties = properties;
        this.baseUrl = baseUrl;
        this.audit = audit;
        this.transaction = new TransactionTemplate(transactions);
        this.ownTransaction = new TransactionTemplate(transactions);
        this.ownTransaction.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
        this.clock = clock;
    }

    /**
     * How a person can set their password.
     *
     * @param mailTo the address that gets the link; null if it is shown instead
     * @param link the link to hand to the person, shown only once; null if it is mailed
     * @param expiresAt when it stops working
     * @param mailedAt when the mail server accepted the mail; null if it has not yet, or if the link is not mailed
     */
    public record Invitation(String mailTo, String link, Instant expiresAt, Instant mailedAt) {}

    /**
     * Adds a person and invites them to set their password.
     *
     * @param actor a superadmin
     * @param person the new person; their address does not count as confirmed. A superadmin waits for another one's
     *     confirmation if the settings require two
     * @return how they get to set their password
     * @throws Forbidden with {@code missing_permission} unless the actor is a superadmin
     * @throws InvalidInput if a field breaks its rule
     * @throws Conflict with {@code user_exists} if the name is taken
     */
    public Invitation add(UserId actor, Person person) {
        people.requireMayManage(actor);
        boolean held = person.superadmin() && properties.secondSuperadmin();
        people.add(
                new Person(
                        person.id(),
                        person.displayName(),
                        person.email(),
                        false,
                        person.superadmin() && !held,
                        person.engineAdmin()),
                RandomToken.next());
        if (held) {
            people.askForSuperadmin(actor, person.id());
        }
        return issue(actor, person.id(), person.email(), true);
    }

    /**
     * Invites a person to set their password, for the first time or after forgetting it. Earlier links stop working;
     * the current password works until a new one is set.
     *
     * @param actor another superadmin
     * @param id the person's user name
     * @param address a different address from the first invitation's; empty for the same
     * @return how they can set their password
     * @throws Forbidden with {@code missing_permission} unless the actor is a superadmin
     * @throws NotFound if there is no person of that name
     * @throws Conflict with {@code not_yourself}, {@code deactivated}, {@code signs_in_elsewhere} if they come from the
     *     identity provider, or {@code address_in_use} if a different address is given for an account in use
     * @throws InvalidInput if the address is malformed
     */
    public Invitation invite(UserId actor, UserId id, Optional<String> address) {
        Person person = people.lockToManage(actor, id);
        if (actor.equals(id)) {
            throw new Conflict(ErrorCode.NOT_YOURSELF, "Change your own password in your profile.");
        }
        people.getActive(id);
        if (comesFromProvider(id)) {
            throw new Conflict(
                    ErrorCode.SIGNS_IN_ELSEWHERE, id + " signs in through the identity provider and has no password.");
        }
        boolean first = jdbc.sql("select first from invitations where user_id = ?")
                .param(id.value())
                .query(Boolean.class)
                .optional()
                .orElse(false);
        if (address.isPresent() && !first) {
            throw new Conflict(
                    ErrorCode.ADDRESS_IN_USE, "The account is in use, so its address cannot be changed here.");
        }
        address.ifPresent(changed -> people.setAddress(id, changed));
        return issue(actor, id, address.orElse(person.email()), first);
    }

    private boolean comesFromProvider(UserId id) {
        return jdbc.sql("select exists (select from provider_identities where user_id = ?)")
                .param(id.value())
                .query(Boolean.class)
                .single();
    }

    private Invitation issue(UserId actor, UserId id, String address, boolean first) {
        Instant now = clock.instant();
        Instant expiresAt = now.plus(properties.invitationLifetime());
        boolean mailed = post.reaches(address);
        UUID invitation = UUID.randomUUID();
        withdraw(id);
        jdbc.sql("""
                        insert into invitations (id, user_id, invited_by, first, mail_to, expires_at, next_attempt_at)
                        values (?, ?, ?, ?, ?, ?, ?)""")
                .params(
                        invitation,
                        id.value(),
                        actor.value(),
                        first,
                        mailed ? address : null,
                        Timestamp.from(expiresAt),
                        mailed ? Timestamp.from(now) : null)
                .update();
        if (first) {
            made(id, actor.value());
        }
        record(
                AuditAction.INVITE,
                people.get(id),
                Map.of("link", mailed ? "mailed" : "shown", "expires_at", expiresAt));
        return new Invitation(mailed ? address : null, mailed ? null : link(invitation), expiresAt, null);
    }

    /**
     * An invitation ties the account to its inviter. For an account in use, only a followed link does, so that an
     * account is never tied against its owner's will.
     */
    private void made(UserId id, String by) {
        jdbc.sql("update users set made_by = ?, made_at = ? where id = ?")
                .params(by, Timestamp.from(clock.instant()), id.value())
                .update();
    }

    private String link(UUID invitation) {
        String token = RandomToken.next();
        jdbc.sql("insert into invitation_links (token_hash, invitation_id) values (?, ?)")
                .params(Sha256.of(token), invitation)
                .update();
        return baseUrl.to(PATH + "?token=" + token);
    }

    /** Ends the open invitation of a person, if there is one. */
    void withdraw(UserId id) {
        jdbc.sql("delete from invitations where user_id = ?").param(id.value()).update();
    }

    /** @return the open invitations among some people, without their links */
    @Transactional(readOnly = true)
    public Map<UserId, Invitation> of(Collection<UserId> users) {
        Map<UserId, Invitation> open = new HashMap<>();
        jdbc.sql("select user_id, mail_to, expires_at, mailed_at from invitations where user_id = any (?)")
                .param(users.stream().map(UserId::value).toArray(String[]::new))
                .query(row -> {
                    Timestamp mailedAt = row.getTimestamp("mailed_at");
                    open.put(
                            new UserId(row.getString("user_id")),
                            new Invitation(
                                    row.getString("mail_to"),
                                    null,
                                    row.getTimestamp("expires_at").toInstant(),
                                    mailedAt == null ? null : mailedAt.toInstant()));
                });
        return open;
    }

    private record Open(UUID id, String userId, String invitedBy, boolean first, String mailTo) {}

    /**
     * @param token the token from a link
     * @return the person whose password it may set; empty if it is unknown, was used, has expired or was replaced
     */
    @Transactional(readOnly = true)
    public Optional<Person> find(String token) {
        return open(token, "").flatMap(open -> people.find(new UserId(open.userId())));
    }

    private Optional<Open> open(String token, String lock) {
        return jdbc.sql("""
                        select i.id, i.user_id, i.invited_by, i.first, i.mail_to
                        from invitation_links l join invitations i on i.id = l.invitation_id
                        where l.token_hash = ? and i.expires_at > ?""" + lock)
                .params(Sha256.of(token), Timestamp.from(clock.instant()))
                .query(Open.class)
                .optional();
    }

    /**
     * Sets the password of the invited person, and ends the link and their sessions and tokens. A mailed link confirms
     * the address.
     *
     * @param token the token from the link
     * @param password at least 12 characters and at most 72 bytes
     * @return the person's user id
     * @throws NotFound if the link is not valid (any more)
     * @throws InvalidInput with the field {@code password} if it breaks its rule
     */
    public Person accept(String token, String password) {
        Open open = open(token, " for update of i").orElseThrow(() -> new NotFound("invitation", "of this link"));
        UserId id = new UserId(open.userId());
        people.setInvitedPassword(id, password, open.mailTo());
        made(id, open.invitedBy());
        withdraw(id);
        Person person = people.get(id);
        // The holder of the link acts as the person, without being signed in.
        audit.recordBy(
                new AuditActors.Actor(Principal.Kind.PERSON.wireName(), id.value()),
                open.first() ? AuditAction.ACCEPT_INVITATION : AuditAction.RESET_PASSWORD,
                new AuditSubject("user", id.value(), id.value(), Scope.PLATFORM.toString()),
                Map.of("link", open.mailTo() == null ? "shown" : "mailed"));
        return person;
    }

    private void record(AuditAction action, Person person, Map<String, ?> details) {
        audit.record(action, person.auditSubject(), details);
    }

    /** Mails waiting invitations. */
    @Scheduled(fixedDelayString = "PT1S")
    @Transactional(propagation = Propagation.NOT_SUPPORTED)
    public void mail() {
        try {
            while (mailNext()) {
                // Continue with the next one.
            }
        } catch (RuntimeException e) {
            log.warn("event=invitations_postponed reason={}", e.getMessage());
        }
    }

    private boolean mailNext() {
        UUID[] tried = new UUID[1];
        try {
            transaction.executeWithoutResult(status -> lockNext().ifPresent(next -> {
                tried[0] = next.id();
                mail(next);
            }));
        } catch (RuntimeException e) {
            if (tried[0] == null) {
                throw e;
            }
            log.warn("event=invitation_not_mailed invitation={}", tried[0], e);
            transaction.executeWithoutResult(status -> postpone(tried[0]));
        }
        return tried[0] != null;
    }

    private void mail(Next next) {
        // The link works before the mail is sent, so that no reader is faster than our commit.
        String link = ownTransaction.execute(status -> link(next.id()));
        post.send(new InvitationPost.Letter(
                next.id(),
                next.mailTo(),
                new UserId(next.userId()),
                new UserId(next.invitedBy()),
                next.first(),
                link,
                next.expiresAt().toInstant()));
        jdbc.sql("update invitations set mailed_at = ?, next_attempt_at = null where id = ?")
                .params(Timestamp.from(clock.instant()), next.id())
                .update();
    }

    private record Next(UUID id, String userId, String invitedBy, boolean first, String mailTo, Timestamp expiresAt) {}

    /** Uses a lock weak enough that a concurrent transaction can still add the link. */
    private Optional<Next> lockNext() {
        Timestamp now = Timestamp.from(clock.instant());
        return jdbc.sql("""
                        select id, user_id, invited_by, first, mail_to, expires_at from invitations
                        where next_attempt_at <= ? and expires_at > ?
                        order by next_attempt_at limit 1 for no key update skip locked""").params(now, now).query(Next.class).optional();
    }

    private void postpone(UUID invitation) {
        jdbc.sql("select attempts from invitations where id = ?")
                .param(invitation)
                .query(Integer.class)
                .optional()
                .ifPresent(attempts -> {
                    Duration doubled = FIRST_WAIT.multipliedBy(1L << Math.min(attempts, 16));
                    Duration wait = doubled.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : doubled;
                    jdbc.sql("update invitations set attempts = attempts + 1, next_attempt_at = ? where id = ?")
                            .params(Timestamp.from(clock.instant().plus(wait)), invitation)
                            .update();
                });
    }
}
