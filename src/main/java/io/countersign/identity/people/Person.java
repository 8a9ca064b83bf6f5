package io.countersign.identity.people;

import io.countersign.audit.AuditSubject;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import java.time.Instant;

/**
 * A person who signs in.
 *
 * @param id the user name
 * @param displayName their display name
 * @param email their address; null if they gave none
 * @param emailConfirmed whether the address is confirmed
 * @param superadmin whether they hold the platform role
 * @param engineAdmin whether they administer the engine
 * @param deactivatedAt when they were deactivated; null if they are active
 */
public record Person(
        UserId id,
        String displayName,
        String email,
        boolean emailConfirmed,
        boolean superadmin,
        boolean engineAdmin,
        Instant deactivatedAt) {

    /** An active person. */
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
