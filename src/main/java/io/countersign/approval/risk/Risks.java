package io.countersign.approval.risk;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.approval.Approval;
import io.countersign.approval.CanonicalJson;
import io.countersign.approval.Decision;
import io.countersign.approval.policy.Policies;
import io.countersign.approval.rules.ApprovalProperties;
import io.countersign.approval.rules.ApprovalRules;
import io.countersign.audit.AuditEntry;
import io.countersign.audit.AuditTrail;
import io.countersign.identity.Principal;
import io.countersign.identity.Scope;
import io.countersign.identity.TeamId;
import io.countersign.identity.UserId;
import io.countersign.identity.membership.Membership;
import io.countersign.identity.membership.Memberships;
import io.countersign.identity.people.People;
import io.countersign.identity.people.Person;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * Warns the deciders of a request about manipulated rules: a policy is weakened, the request submitted and the policy
 * restored; a friend is made an approver, or an approver deactivated. Reads the trail.
 */
@Component
@Transactional(readOnly = true)
public class Risks {

    private final AuditTrail trail;
    private final Memberships memberships;
    private final People people;
    private final ApprovalProperties properties;
    private final Clock clock;

    Risks(AuditTrail trail, Memberships memberships, People people, ApprovalProperties properties, Clock clock) {
        this.trail = trail;
        this.memberships = memberships;
        this.people = people;
        this.properties = properties;
        this.clock = clock;
    }

    /**
     * @return the risks, oldest first: from some days before the submission until now, or until the request was closed
     */
    public List<Risk> of(Approval approval) {
        if (approval.stages().isEmpty()) {
            return List.of();
        }
        Instant from = approval.submittedAt().minus(properties.lookBack());
        Instant until = approval.closedAt().orElseGet(clock::instant);
        Optional<String> submitter = approval.submitter().person().map(UserId::value);
        List<Decision> decisions = approval.stages().stream()
                .flatMap(stage -> stage.decisions().stream())
                .toList();
        Set<String> people =
                decisions.stream().map(decision -> decision.decidedBy().value()).collect(Collectors.toSet());
        submitter.ifPresent(people::add);
        AuditTrail.Surroundings around = trail.around(approval.scope().toString(), submitter, people, from, until);
        return Stream.of(
                        around.rules().stream().flatMap(entry -> risk(approval, entry, around.rules()).stream()),
                        deactivations(approval, around.deactivations()),
                        accounts(approval, decisions, around.invitations()))
                .flatMap(Function.identity())
                .sorted(Comparator.comparing(Risk::at))
                .toList();
    }

    /** The submitter's deactivations of people who could have decided. */
    private Stream<Risk> deactivations(Approval approval, List<AuditEntry> deactivations) {
        return deactivations.stream()
                .flatMap(entry -> memberships
                        .recorded(new UserId(entry.entityId()), approval.scope())
                        .filter(membership -> ApprovalRules.concerns(approval, membership))
                        .flatMap(was -> risk(
                                Risk.Code.SUBMITTER_DEACTIVATED_DECIDER,
                                entry,
                                "deactivated " + person(was.user()) + ", who is " + describe(was)))
                        .stream());
    }

    /** Accounts that participants created for each other: one person with two accounts is not two people. */
    private Stream<Risk> accounts(Approval approval, List<Decision> decisions, List<AuditEntry> invitations) {
        List<AuditEntry> ofSubmitter = invitations.stream()
                .filter(entry -> approval.submitter().is(new UserId(entry.entityId())))
                .filter(entry -> !entry.at().isAfter(approval.submittedAt()))
                .toList();
        Stream<AuditEntry> ofDeciders = invitations.stream()
                .filter(entry -> actor(entry).equals(approval.submitter())
                        || ofSubmitter.stream().anyMatch(other -> actor(other).equals(actor(entry))))
                .filter(entry -> decisions.stream()
                        .anyMatch(decision -> decision.decidedBy().value().equals(entry.entityId())
                                && decision.decidedAt().isAfter(entry.at())));
        return Stream.concat(
                ofSubmitter.stream()
                        .flatMap(
                                entry -> risk(
                                        Risk.Code.ACCOUNT_OF_SUBMITTER_MADE,
                                        entry,
                                        invited(entry) + ", who submitted this")
                                        .stream()),
                ofDeciders.flatMap(entry ->
                        risk(Risk.Code.ACCOUNT_OF_DECIDER_MADE, entry, invited(entry) + ", who decided this")
                                .stream()));
    }

    private String invited(AuditEntry entry) {
        boolean shown =
                CanonicalJson.read(entry.details()).path("link").asText().equals("shown");
        return (shown
                        ? "was shown the link that sets the password of "
                        : "had a link mailed that sets the password of ")
                + person(new UserId(entry.entityId()));
    }

    private Optional<Risk> risk(Approval approval, AuditEntry entry, List<AuditEntry> rules) {
        boolean bySubmitter = actor(entry).equals(approval.submitter());
        boolean before = !entry.at().isAfter(approval.submittedAt());
        JsonNode details = CanonicalJson.read(entry.details());
        if (entry.entityType().equals("approval_policy")) {
            boolean itsOwn = entry.entityId().equals(Policies.trailId(approval.scope(), approval.entityType()))
                    && List.of(Policies.EVERY_ACTION, approval.action())
                            .contains(details.path("action").asText());
            return before && itsOwn
                    ? risk(
                            bySubmitter ? Risk.Code.SUBMITTER_CHANGED_POLICY : Risk.Code.POLICY_CHANGED,
                            entry,
                            "changed the policy of this request")
                    : Optional.empty();
        }
        if (approval.scope().equals(Scope.PLATFORM)) {
            return Optional.empty();
        }
        UserId member = new UserId(details.path("user").asText());
        Optional<Membership> was = membership(approval, member, entry.before());
        Optional<Membership> is = membership(approval, member, entry.after());
        if (approval.submitter().is(member)) {
            if (!bySubmitter && before && was.isEmpty()) {
                return leftAs(approval, member, entry, rules)
                        .filter(left -> !is.equals(Optional.of(left)))
                        .flatMap(left -> risk(
                                Risk.Code.MEMBERSHIP_OF_SUBMITTER_CHANGED,
                                entry,
                                deed(member, was, is) + ", who had left as " + describe(left)));
            }
            return !bySubmitter && before && !was.equals(is)
                    ? risk(Risk.Code.MEMBERSHIP_OF_SUBMITTER_CHANGED, entry, deed(member, was, is))
                    : Optional.empty();
        }
        boolean decides = Stream.of(was, is)
                .flatMap(Optional::stream)
                .anyMatch(membership -> ApprovalRules.concerns(approval, membership));
        return bySubmitter && decides && !was.equals(is)
                ? risk(Risk.Code.SUBMITTER_CHANGED_MEMBERSHIP, entry, deed(member, was, is))
                : Optional.empty();
    }

    /** @return a person's membership when it last ended, before they were added again */
    private static Optional<Membership> leftAs(
            Approval approval, UserId member, AuditEntry added, List<AuditEntry> rules) {
        return rules.stream()
                .takeWhile(entry -> entry.id() != added.id())
                .filter(entry -> entry.after() == null
                        && CanonicalJson.read(entry.details())
                                .path("user")
                                .asText()
                                .equals(member.value()))
                .reduce((earlier, later) -> later)
                .flatMap(entry -> membership(approval, member, entry.before()));
    }

    private Optional<Risk> risk(Risk.Code code, AuditEntry entry, String deed) {
        return Optional.of(
                new Risk(code, entry.actor(), entry.at(), actor(entry).inWords(this::person) + " " + deed + "."));
    }

    private static Principal actor(AuditEntry entry) {
        return Principal.recorded(entry.actorType(), entry.actor());
    }

    private static Optional<Membership> membership(Approval approval, UserId member, String state) {
        return Optional.ofNullable(state)
                .map(CanonicalJson::read)
                .map(node -> Membership.of(
                        member,
                        approval.scope(),
                        node.path("role").asText(),
                        Optional.ofNullable(node.path("team").textValue()).map(TeamId::new)));
    }

    private String deed(UserId member, Optional<Membership> was, Optional<Membership> is) {
        if (was.isEmpty()) {
            return "made " + person(member) + " " + describe(is.orElseThrow());
        }
        return is.map(now -> "changed " + person(member) + " from " + describe(was.get()) + " to " + describe(now))
                .orElseGet(() -> "removed " + person(member) + ", who was " + describe(was.get()));
    }

    private static String describe(Membership member) {
        return member.role() + member.team().map(team -> " in team " + team).orElse("");
    }

    private String person(UserId user) {
        return people.find(user)
                .map(Person::displayName)
                .map(name -> name + " (" + user + ")")
                .orElse(user.value());
    }
}
