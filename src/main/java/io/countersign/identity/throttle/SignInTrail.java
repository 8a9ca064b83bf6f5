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
 * Notes in the trail who signs in and out. Each session and token is noted; programs that show a password or secret
 * with every request are noted once a day, and failures once in a while, so that neither floods the trail.
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

    /** Notes that a person has a session now. */
    public void signedIn(UserId person, String way) {
        by(person, AuditAction.SIGN_IN, Map.of("way", way));
    }

    /** Notes that a person ended their session. */
    public void signedOut(UserId person) {
        by(person, AuditAction.SIGN_OUT, Map.of());
    }

    /** Notes that a session of a person is over, without their doing. */
    public void ended(UserId person) {
        by(Principal.SYSTEM, AuditAction.END_SESSION, SignInThrottle.Door.USER, person.value(), Map.of());
    }

    /** Notes a token of a person, which acts for them from now on. */
    public void issued(UserId person, Map<String, ?> details) {
        by(person, AuditAction.ISSUE_TOKEN, details);
    }

    /** Notes that a token of a person works no longer, as its bearer wanted. */
    public void revoked(UserId person) {
        by(person, AuditAction.REVOKE_TOKEN, Map.of());
    }

    /** Notes that a program showed a password or secret: once a day for a name and address. */
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
     * @param code why
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
