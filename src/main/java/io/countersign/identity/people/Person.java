package io.countersign.identity.people;

import io.countersign.audit.AuditSubject;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import java.time.Instant;

/**
 * Someone who signs in.
 *
 * @param id the name they sign in with
 * @param displayName their name for people
 * @param email where mail reaches them; null if they gave no address
 * @param emailConfirmed whether the address is known to be theirs
 * @param superadmin whether they hold the platform role
 * @param engineAdmin whether they administer the engine
 * @param deactivatedAt since when they can do nothing here; null for everybody who can
 */
public record Person(
        UserId id,
        String displayName,
        String email,
        boolean emailConfirmed,
        boolean superadmin,
        boolean engineAdmin,
        Instant deactivatedAt) {

    /** Someone who was not deactivated. */
    public Person(
            UserId id,
            String displayName,
            String email,
            boolean emailConfirmed,
            boolean superadmin,
            boolean engineAdmin) {
        this(id, displayName, email, emailConfirmed, superadmin, engineAdmin, null);
    }

    /** @return the person, for the trail */
    public AuditSubject auditSubject() {
        return new AuditSubject("user", id.value(), displayName, Scope.PLATFORM.toString());
    }

    /** @return whether they may sign in and act */
    public boolean active() {
        return deactivatedAt == null;
    }
}
