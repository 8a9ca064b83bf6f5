package io.countersign.identity.membership;

import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Published in the transaction that changes a person's membership in a scope. Until it ends, only this transaction may
 * change the scope's members.
 *
 * @param user the person
 * @param scope the scope
 * @param before the membership before; empty for a new member
 * @param after the membership now; empty if they are no longer a member
 */
public record MembershipChanged(UserId user, Scope scope, Optional<Membership> before, Optional<Membership> after) {

    /** @return the memberships before and after, where there was or is one */
    public Stream<Membership> both() {
        return Stream.concat(before.stream(), after.stream());
    }
}
