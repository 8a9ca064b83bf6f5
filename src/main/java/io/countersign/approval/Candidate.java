package io.countersign.approval;

import io.countersign.identity.Membership;
import io.countersign.identity.UserId;
import java.util.List;
import java.util.Optional;

/**
 * A person before the stages of an approval: what they are in its scope, and whose place they may take there now.
 *
 * @param user who
 * @param own what they are in the approval's scope; empty if they are no member
 * @param absent what those are there for whom they stand in
 */
public record Candidate(UserId user, Optional<Membership> own, List<Membership> absent) {

    /** Copies the list. */
    public Candidate {
        absent = List.copyOf(absent);
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
