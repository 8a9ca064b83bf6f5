package io.countersign.notification.notice;

import io.countersign.approval.Approval;
import io.countersign.approval.Audience;
import io.countersign.approval.EscalationGroup;
import io.countersign.approval.Stage;
import io.countersign.approval.requests.DecisionRights;
import io.countersign.approval.waiting.Reachability;
import io.countersign.identity.UserId;
import io.countersign.identity.membership.Membership;
import io.countersign.identity.membership.Memberships;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/**
 * Selects who is asked to decide a stage. Where thousands may, mailing all of them about each request does not help:
 * nobody reads the mails, and they delay the important ones.
 */
@Component
class Audiences {

    /** How many are asked if the policy says nothing. */
    static final int MANY = 50;

    /** How many are asked if the policy asks the last deciders. */
    static final int FEW = 10;

    private final DecisionRights rights;
    private final Memberships memberships;
    private final Reachability reach;

    Audiences(DecisionRights rights, Memberships memberships, Reachability reach) {
        this.rights = rights;
        this.memberships = memberships;
        this.reach = reach;
    }

    /** @return those to ask among a stage's possible deciders, and in the escalation group if it waited long */
    Set<UserId> of(Approval approval, Stage stage) {
        List<UserId> eligible = rights.eligible(approval, stage);
        Set<UserId> asked = new LinkedHashSet<>(pick(approval, stage, eligible));
        Optional<EscalationGroup> group =
                stage.escalatedAt().flatMap(at -> approval.waiting().group());
        group.ifPresent(too -> asked.addAll(pick(approval, stage, those(approval, eligible, too::includes))));
        return asked;
    }

    private Collection<UserId> pick(Approval approval, Stage stage, List<UserId> eligible) {
        Optional<Audience> wanted = approval.waiting().audience();
        if (wanted.isEmpty() && eligible.size() <= MANY || wanted.equals(Optional.of(Audience.ALL))) {
            return eligible;
        }
        Set<UserId> reachable = reach.reachable(eligible, approval.scope(), approval.entityType());
        if (wanted.equals(Optional.of(Audience.TEAM))
                && approval.submitterTeam().isPresent()) {
            List<UserId> team =
                    those(approval, reachable, member -> member.team().equals(approval.submitterTeam()));
            if (!team.isEmpty()) {
                return team;
            }
        }
        int wantedPeople = wanted.equals(Optional.of(Audience.LAST_DECIDERS)) ? FEW : MANY;
        return last(approval, reachable, Math.max(wantedPeople, stage.approversMissing()));
    }

    /** The last deciders come first; then others, different ones for each request, to spread the load. */
    private List<UserId> last(Approval approval, Set<UserId> people, int count) {
        if (people.size() <= count) {
            return List.copyOf(people);
        }
        Set<UserId> last =
                new LinkedHashSet<>(rights.lastDeciders(approval.scope(), approval.entityType(), people, count));
        people.stream()
                .filter(person -> !last.contains(person))
                .sorted(Comparator.comparing(person -> (approval.id() + " " + person).hashCode()))
                .limit(count - last.size())
                .forEach(last::add);
        return List.copyOf(last);
    }

    private List<UserId> those(Approval approval, Collection<UserId> people, Predicate<Membership> belong) {
        Set<UserId> belonging = memberships.in(approval.scope()).stream()
                .filter(belong)
                .map(Membership::user)
                .collect(Collectors.toSet());
        return people.stream().filter(belonging::contains).toList();
    }
}
