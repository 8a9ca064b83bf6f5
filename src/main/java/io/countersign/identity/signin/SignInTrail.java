package io.countersign.identity.signin;

import io.countersign.audit.AuditActors;
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

    /** The name of all names that nobody has: each may be a password that was typed as a name. */
    private static final String UNKNOWN = "(unknown)";

    private static final Duration PROGRAMS = Duration.ofDays(1);
    private static final Duration FAILURES = Duration.ofMinutes(15);

    private final AuditTrail audit;

    SignInTrail(AuditTrail audit) {
        this.audit = audit;
    }

    /** Notes that a person has a session now. */
    void signedIn(UserId person, String way) {
        by(Principal.of(person), "sign_in", Map.of("way", way));
    }

    /** Notes that a person ended their session. */
    void signedOut(UserId person) {
        by(Principal.of(person), "sign_out", Map.of());
    }

    /** Notes that a session of a person is over, without their doing. */
    void ended(UserId person) {
        audit.record("end_session", "user", person.value(), person.value(), Scope.PLATFORM.toString(), Map.of());
    }

    /** Notes a token of a person, which acts for them from now on. */
    void issued(UserId person, Map<String, ?> details) {
        by(Principal.of(person), "issue_token", details);
    }

    /** Notes that a token of a person works no longer, as its bearer wanted. */
    void revoked(UserId person) {
        by(Principal.of(person), "revoke_token", Map.of());
    }

    /** Notes that a program showed a password or secret: once a day for a name and address. */
    void programSignedIn(SignInThrottle.Door door, String name) {
        Principal program = door.principal(name);
        if (!audit.notedWithin(PROGRAMS, "sign_in", door.entityType(), name)) {
            by(program, "sign_in", Map.of("way", "each request"));
        }
    }

    /**
     * Notes that somebody could not sign in: once in 15 minutes for a name and address, and once for all names that
     * nobody has.
     */
    void failed(SignInThrottle.Door door, String name, boolean known) {
        String shown = known ? name : UNKNOWN;
        if (!audit.notedWithin(FAILURES, "fail_sign_in", door.entityType(), shown)) {
            audit.record("fail_sign_in", door.entityType(), shown, shown, Scope.PLATFORM.toString(), Map.of());
        }
    }

    private void by(Principal principal, String action, Map<String, ?> details) {
        audit.recordBy(
                new AuditActors.Actor(principal.kind().wireName(), principal.name()),
                action,
                principal.kind() == Principal.Kind.PERSON ? "user" : SignInThrottle.Door.CLIENT.entityType(),
                Scope.PLATFORM.toString(),
                details);
    }
}
