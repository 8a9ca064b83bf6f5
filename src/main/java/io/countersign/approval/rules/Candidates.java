package io.countersign.approval.rules;

import io.countersign.approval.Approval;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import io.countersign.identity.delegation.Delegation;
import io.countersign.identity.delegation.Delegations;
import io.countersign.identity.membership.Membership;
import io.countersign.identity.membership.Memberships;
import io.countersign.identity.people.AccountMakers;
import io.countersign.identity.people.AccountMakers.Made;
import io.countersign.identity.people.PeopleProperties;
import java.time.Clock;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Finds what the rules need to know about people: their memberships, and the people they now stand in for. */
@Component
@Transactional(readOnly = true)
public class Candidates {

    private final Memberships memberships;
    private final Delegations delegations;
    private final AccountMakers makers;
    private final PeopleProperties people;
    private final ApprovalProperties properties;
    private final Clock clock;

    public Candidates(
            Memberships memberships,
            Delegations delegations,
            AccountMakers makers,
            PeopleProperties people,
            ApprovalProperties properties,
            Clock clock) {
        this.memberships = memberships;
        this.delegations = delegations;
        this.makers = makers;
        this.people = people;
        this.properties = properties;
        this.clock = clock;
    }

    /** @return a person as a candidate in a scope */
    public Candidate of(UserId user, Scope scope) {
        return candidate(
                user, scope, memberships.find(user, scope), delegations.inForceOf(user), memberships::find, made());
    }

    /** @return a scope's members as candidates, ordered by name */
    public List<Candidate> in(Scope scope) {
        List<Membership> members = memberships.in(scope);
        List<Delegation> inForce = delegations.inForceIn(scope);
        Map<UserId, Made> made = made();
        if (inForce.isEmpty() && made.isEmpty()) {
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
                        (user, where) -> Optional.ofNullable(byUser.get(user)),
                        made))
                .toList();
    }

    /**
     * @param own all their memberships
     * @return a person as a candidate in every scope that they are a member of
     */
    public Map<Scope, Candidate> everywhere(UserId user, List<Membership> own) {
        List<Delegation> inForce = delegations.inForceOf(user);
        Map<UserId, Made> made = made();
        Map<Scope, Candidate> all = new HashMap<>();
        for (Membership membership : own) {
            all.put(
                    membership.scope(),
                    candidate(user, membership.scope(), Optional.of(membership), inForce, memberships::find, made));
        }
        return all;
    }

    private static Candidate candidate(
            UserId user,
            Scope scope,
            Optional<Membership> own,
            List<Delegation> inForce,
            BiFunction<UserId, Scope, Optional<Membership>> find,
            Map<UserId, Made> made) {
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
                        .toList(),
                tied(user, made));
    }

    /** @return whether a person may be the submitter under another account, regardless of the settings */
    public boolean inAnotherGuise(UserId person, Approval approval) {
        return approval.submitter()
                .person()
                .filter(tied(person, madeLately())::contains)
                .isPresent();
    }

    /** @return the recently created accounts, if the settings make them relevant to deciding */
    private Map<UserId, Made> made() {
        return people.secondSuperadmin() ? madeLately() : Map.of();
    }

    private Map<UserId, Made> madeLately() {
        return makers.since(clock.instant().minus(properties.lookBack()));
    }

    /**
     * @return the accounts that may belong to the same person: the creator of theirs, those they created, and those
     *     with the same creator; a mailed link makes no difference, as the creator chose the address
     */
    static Set<UserId> tied(UserId user, Map<UserId, Made> made) {
        Set<UserId> tied = new HashSet<>();
        Optional<Made> own = Optional.ofNullable(made.get(user));
        own.map(Made::by).ifPresent(tied::add);
        made.forEach((other, account) -> {
            boolean sameHand =
                    own.filter(mine -> mine.by().equals(account.by())).isPresent();
            if (!other.equals(user) && (sameHand || account.by().equals(user))) {
                tied.add(other);
            }
        });
        return tied;
    }
}
