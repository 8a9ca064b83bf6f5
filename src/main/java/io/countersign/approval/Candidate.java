package io.countersign.approval;

import io.countersign.identity.Membership;
import io.countersign.identity.UserId;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A person before the stages of an approval: what they are in its scope, and whose place they may take there now.
 *
 * @param user who
 * @param own what they are in the approval's scope; empty if they are no member
 * @param absent what those are there for whom they stand in
 * @param bound everyone with whom they act as one: for whom they stand in, and who stands in for them
 */
public record Candidate(UserId user, Optional<Membership> own, List<Membership> absent, Set<UserId> bound) {

    /** Copies the collections. */
    public Candidate {
        absent = List.copyOf(absent);
        bound = Set.copyOf(bound);
    }

    /** @return somebody who stands in for nobody, and for whom nobody stands in */
    public static Candidate alone(UserId user, Optional<Membership> own) {
        return new Candidate(user, own, List.of(), Set.of());
    }

    /** @return members of a scope of whom nobody is away */
    public static List<Candidate> alone(List<Membership> members) {
        return members.stream()
                .map(member -> alone(member.user(), Optional.of(member)))
                .toList();
    }
}
