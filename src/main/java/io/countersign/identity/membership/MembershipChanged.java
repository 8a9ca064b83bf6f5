package io.countersign.identity.membership;

import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Published in the transaction that changes what a person is in a scope, which alone may change its members until it
 * ends.
 *
 * @param user who
 * @param scope where
 * @param before what they were there; empty for a new member
 * @param after what they are there now; empty if they are no member any more
 */
public record MembershipChanged(UserId user, Scope scope, Optional<Membership> before, Optional<Membership> after) {

    /** @return what they were and what they are, as far as they were or are a member */
    public Stream<Membership> both() {
        return Stream.concat(before.stream(), after.stream());
    }
}
