package io.countersign.approval.rules;

import io.countersign.identity.UserId;
import io.countersign.identity.membership.Membership;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A person before the stages of an approval: what they are in its scope, and whose place they may take there now.
 *
 * @param user who
 * @param own what they are in the approval's scope; empty if they are no member
 * @param absent what those are there for whom they stand in
 * @param tied who may be the same person in another guise, as one of them made the other's account, or somebody both;
 *     empty unless the settings ask for that
 */
public record Candidate(UserId user, Optional<Membership> own, List<Membership> absent, Set<UserId> tied) {

    /** Copies the collections. */
    public Candidate {
        absent = List.copyOf(absent);
        tied = Set.copyOf(tied);
    }

    /** A person who is nobody else in another guise. */
    public Candidate(UserId user, Optional<Membership> own, List<Membership> absent) {
        this(user, own, absent, Set.of());
    }

    /** @return a person who stands in for nobody */
    public static Candidate alone(UserId user, Optional<Membership> own) {
        return new Candidate(user, own, List.of());
    }

    /** @return members of a scope by what they are themselves, whoever is away */
    public static List<Candidate> alone(List<Membership> members) {
        return members.stream()
                .map(member -> alone(member.user(), Optional.of(member)))
                .toList();
    }
}
