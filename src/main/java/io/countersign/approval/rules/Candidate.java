package io.countersign.approval.rules;

import io.countersign.identity.UserId;
import io.countersign.identity.membership.Membership;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A possible decider of an approval's stages: their membership of its scope, and those of the people they may now stand
 * in for.
 *
 * @param user who
 * @param own their membership of the approval's scope; empty if they are not a member
 * @param absent the memberships of the people they stand in for
 * @param tied the accounts that may belong to the same person, because one created the other or someone created both;
 *     empty unless the settings require this check
 */
public record Candidate(UserId user, Optional<Membership> own, List<Membership> absent, Set<UserId> tied) {

    /** Copies the collections. */
    public Candidate {
        absent = List.copyOf(absent);
        tied = Set.copyOf(tied);
    }

    /** A person without tied accounts. */
    public Candidate(UserId user, Optional<Membership> own, List<Membership> absent) {
        this(user, own, absent, Set.of());
    }

    /** @return a person without delegations */
    public static Candidate alone(UserId user, Optional<Membership> own) {
        return new Candidate(user, own, List.of());
    }

    /** @return the members of a scope without delegations */
    public static List<Candidate> alone(List<Membership> members) {
        return members.stream()
                .map(member -> alone(member.user(), Optional.of(member)))
                .toList();
    }
}
