package io.countersign.approval;

import io.countersign.identity.Delegation;
import io.countersign.identity.Delegations;
import io.countersign.identity.Membership;
import io.countersign.identity.Memberships;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Finds what the rules need to know of people: what they are in a scope, and for whom they stand in there now. */
@Component
@Transactional(readOnly = true)
public class Candidates {

    private final Memberships memberships;
    private final Delegations delegations;

    Candidates(Memberships memberships, Delegations delegations) {
        this.memberships = memberships;
        this.delegations = delegations;
    }

    /** @return a person before the approvals of a scope */
    public Candidate of(UserId user, Scope scope) {
        return candidate(user, scope, memberships.find(user, scope), delegations.inForceOf(user), memberships::find);
    }

    /** @return a scope's members before its approvals, ordered by name */
    public List<Candidate> in(Scope scope) {
        List<Membership> members = memberships.in(scope);
        List<Delegation> inForce = delegations.inForceIn(scope);
        if (inForce.isEmpty()) {
            return Candidate.alone(members);
        }
        Map<UserId, Membership> byUser =
                members.stream().collect(Collectors.toMap(Membership::user, Function.identity()));
        return members.stream()
                .map(member -> candidate(
                        member.user(),
                        scope,
                        Optional.of(member),
                        inForce,
                        (user, where) -> Optional.ofNullable(byUser.get(user))))
                .toList();
    }

    /**
     * @param own all their memberships
     * @return a person before the approvals of every scope that they are a member of
     */
    Map<Scope, Candidate> everywhere(UserId user, List<Membership> own) {
        List<Delegation> inForce = delegations.inForceOf(user);
        Map<Scope, Candidate> all = new HashMap<>();
        for (Membership membership : own) {
            all.put(
                    membership.scope(),
                    candidate(user, membership.scope(), Optional.of(membership), inForce, memberships::find));
        }
        return all;
    }

    private static Candidate candidate(
            UserId user,
            Scope scope,
            Optional<Membership> own,
            List<Delegation> inForce,
            BiFunction<UserId, Scope, Optional<Membership>> find) {
        Map<UserId, Membership> absent = new HashMap<>();
        for (Delegation delegation : inForce) {
            if (delegation.standIn().equals(user) && delegation.covers(scope)) {
                find.apply(delegation.absent(), scope)
                        .ifPresent(membership -> absent.put(delegation.absent(), membership));
            }
        }
        return new Candidate(
                user,
                own,
                absent.values().stream()
                        .sorted((one, other) ->
                                one.user().value().compareTo(other.user().value()))
                        .toList());
    }
}
