package io.countersign.identity.throttle;

import io.countersign.audit.AuditAction;
import io.countersign.audit.AuditActors;
import io.countersign.audit.AuditSubject;
import io.countersign.audit.AuditTrail;
import io.countersign.identity.Principal;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import java.time.Duration;
import java.util.Map;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * Records sign-ins and sign-outs in the trail. Each session and token is recorded. Programs that send a password or
 * secret with every request are recorded once a day, and failures at intervals, so that neither floods the trail.
 */
@Component
@Transactional
public class SignInTrail {

    /** Stands for all unknown names: each may be a password typed as a name. */
    private static final String UNKNOWN = "(unknown)";

    private static final Duration PROGRAMS = Duration.ofDays(1);
    private static final Duration FAILURES = Duration.ofMinutes(15);

    private final AuditTrail audit;

    SignInTrail(AuditTrail audit) {
        this.audit = audit;
    }

    /** Records that a person now has a session. */
    public void signedIn(UserId person, String way) {
        by(person, AuditAction.SIGN_IN, Map.of("way", way));
    }

    /** Records that a person ended their session. */
    public void signedOut(UserId person) {
        by(person, AuditAction.SIGN_OUT, Map.of());
    }

    /** Records that a person's session ended without their action. */
    public void ended(UserId person) {
        by(Principal.SYSTEM, AuditAction.END_SESSION, SignInThrottle.Door.USER, person.value(), Map.of());
    }

    /** Records a person's new token, which acts for them from now on. */
    public void issued(UserId person, Map<String, ?> details) {
        by(person, AuditAction.ISSUE_TOKEN, details);
    }

    /** Records that a person's token was revoked by its bearer. */
    public void revoked(UserId person) {
        by(person, AuditAction.REVOKE_TOKEN, Map.of());
    }

    /** Records that a program sent a password or secret: once a day per name and address. */
    void programSignedIn(SignInThrottle.Door door, String name) {
        if (!audit.notedWithin(PROGRAMS, AuditAction.SIGN_IN, door.entityType(), name)) {
            by(door.principal(name), AuditAction.SIGN_IN, door, name, Map.of("way", "each request"));
        }
    }

    /** Records a failed sign-in: once in 15 minutes per name and address, and once for all unknown names. */
    void failed(SignInThrottle.Door door, String name, boolean known) {
        String shown = known ? name : UNKNOWN;
        fail(door, shown, Map.of());
    }

    /**
     * Records a rejected sign-in from the provider: once in 15 minutes per address.
     *
     * @param code the reason
     */
    public void refusedFromProvider(String code) {
        fail(SignInThrottle.Door.USER, UNKNOWN, Map.of("way", "provider", "code", code));
    }

    private void fail(SignInThrottle.Door door, String name, Map<String, ?> details) {
        if (!audit.notedWithin(FAILURES, AuditAction.FAIL_SIGN_IN, door.entityType(), name)) {
            Principal current = Principal.current();
            by(
                    current.equals(Principal.SYSTEM) ? Principal.ANONYMOUS : current,
                    AuditAction.FAIL_SIGN_IN,
                    door,
                    name,
                    details);
        }
    }

    private void by(UserId person, AuditAction action, Map<String, ?> details) {
        by(Principal.of(person), action, SignInThrottle.Door.USER, person.value(), details);
    }

    private void by(
            Principal actor, AuditAction action, SignInThrottle.Door door, String name, Map<String, ?> details) {
        audit.recordBy(
                new AuditActors.Actor(actor.kind().wireName(), actor.name()),
                action,
                new AuditSubject(door.entityType(), name, name, Scope.PLATFORM.toString()),
                details);
    }
}
