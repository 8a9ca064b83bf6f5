package io.countersign.approval;

import io.countersign.identity.Membership;
import io.countersign.identity.Scope;
import io.countersign.identity.TeamId;
import io.countersign.identity.UserId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Who may decide which stage (multi-stage-approval page, "Approval Rules"). Whoever enforces, explains or lists
 * eligible people asks this class; nothing else decides.
 */
public final class ApprovalRules {

    /** One rule: looks at a case and refuses it with a reason, or has nothing against it. */
    private interface Rule extends Function<Case, Optional<Verdict>> {}

    /** A person in front of a stage. */
    private record Case(Approval approval, Stage stage, UserId person, Optional<Membership> membership) {}

    private static final Rule submitterNeverDecidesOwnRequest = c -> refuseIf(
            c.person().equals(c.approval().submitter()),
            Refusal.SELF_APPROVAL,
            "Nobody decides their own request, in any stage.");

    private static final Rule deciderNeedsThePermission = c -> refuseIf(
            c.membership()
                    .filter(member -> member.permissions().contains(c.stage().requiredPermission()))
                    .isEmpty(),
            Refusal.MISSING_PERMISSION,
            "This stage needs the permission " + c.stage().requiredPermission().wireName() + " in "
                    + c.approval().scope() + ".");

    private static final Rule teamScopeHoldsForAllButOwners = c -> {
        Membership member = c.membership().orElseThrow();
        if (member.owner()) {
            return Optional.empty();
        }
        Optional<TeamId> submitterTeam = c.approval().submitterTeam();
        boolean sameTeam = member.team().isPresent() && member.team().equals(submitterTeam);
        return switch (c.stage().teamScope()) {
            case ANY -> Optional.empty();
            case OTHER_TEAM ->
                refuseIf(
                        sameTeam || member.team().isEmpty() || submitterTeam.isEmpty(),
                        Refusal.WRONG_TEAM,
                        "This stage is for people of another team than the submitter's.");
            case SUBMITTER_TEAM ->
                refuseIf(!sameTeam, Refusal.WRONG_TEAM, "This stage is for people of the submitter's team.");
        };
    };

    private static final Rule nobodyCountsTwiceInAStage = c -> refuseIf(
            c.stage().status() == StageStatus.PENDING && c.stage().decidedBy(c.person()),
            Refusal.SAME_APPROVER,
            "This stage asks for several people, and you approved it already.");

    private static final Rule distinctPeopleWhereThePolicySaysSo = c -> refuseIf(
            c.approval().distinctApprovers()
                    && c.approval().stages().stream()
                            .anyMatch(stage -> !stage.id().equals(c.stage().id()) && stage.decidedBy(c.person())),
            Refusal.SAME_APPROVER,
            "This policy asks for distinct people, and you decided another stage.");

    private static final Rule decidedStageIsClosed = c -> refuseIf(
            c.stage().status() != StageStatus.PENDING
                    || c.approval().status() == ApprovalStatus.REJECTED
                    || c.approval().status() == ApprovalStatus.CANCELLED,
            Refusal.ALREADY_DECIDED,
            c.stage().status() != StageStatus.PENDING
                    ? "This stage is " + c.stage().status().wireName() + " already."
                    : "This request is " + c.approval().status().wireName() + " already.");

    private static final Rule stagesAreDecidedInOrder = c -> refuseIf(
            c.approval()
                    .openStage()
                    .filter(open -> open.id().equals(c.stage().id()))
                    .isEmpty(),
            Refusal.STAGE_NOT_OPEN,
            "Earlier stages must be approved first.");

    private static final Rule onlyAStuckStageIsOverridden = c -> refuseIf(
            c.approval().stuckReason().isEmpty(),
            Refusal.NOT_STUCK,
            "Somebody can decide this stage, so it cannot be overridden.");

    private static final List<Rule> PERSON = List.of(
            submitterNeverDecidesOwnRequest,
            deciderNeedsThePermission,
            teamScopeHoldsForAllButOwners,
            nobodyCountsTwiceInAStage,
            distinctPeopleWhereThePolicySaysSo);

    private static final List<Rule> STATE = List.of(decidedStageIsClosed, stagesAreDecidedInOrder);

    private ApprovalRules() {}

    /**
     * Whether a person may decide a stage now.
     *
     * @param membership what they are in the approval's scope; empty if they are no member
     * @return allowed, or the first rule that refuses: those about the person before those about the state
     */
    public static Verdict mayDecide(Approval approval, Stage stage, UserId person, Optional<Membership> membership) {
        Case c = new Case(approval, stage, person, membership);
        return judge(c, PERSON).or(() -> judge(c, STATE)).orElse(Verdict.ALLOWED);
    }

    /**
     * Whether a person is one of those who decide a stage, be it open by now or not.
     *
     * @param membership what they are in the approval's scope; empty if they are no member
     * @return allowed, or the first rule about the person that refuses
     */
    public static Verdict isEligible(Approval approval, Stage stage, UserId person, Optional<Membership> membership) {
        return judge(new Case(approval, stage, person, membership), PERSON).orElse(Verdict.ALLOWED);
    }

    /**
     * Whether a superadmin may decide a stuck stage by override.
     *
     * @param platformMembership what they are on the platform; empty if they are no superadmin
     * @return allowed, or the first rule that refuses
     */
    public static Verdict mayOverride(
            Approval approval, Stage stage, UserId person, Optional<Membership> platformMembership) {
        if (platformMembership.isEmpty()) {
            return Verdict.refused(Refusal.MISSING_PERMISSION, "Only a superadmin overrides.");
        }
        Case c = new Case(approval, stage, person, platformMembership);
        return judge(c, List.of(submitterNeverDecidesOwnRequest))
                .or(() -> judge(c, STATE))
                .or(() -> judge(c, List.of(nobodyCountsTwiceInAStage, onlyAStuckStageIsOverridden)))
                .orElse(Verdict.ALLOWED);
    }

    /**
     * Why nobody can bring a stage to its end.
     *
     * @param members all members of the approval's scope
     * @return the reason, or empty if enough people are eligible
     */
    public static Optional<String> stuckReason(Approval approval, Stage stage, List<Membership> members) {
        return shortage(
                stage,
                stage.approversMissing(),
                eligible(approval, stage, members).size());
    }

    /**
     * Why no request under a policy could ever be approved, as things are: whichever team its submitter is in, and even
     * if the submitter is nobody's approver.
     *
     * @param members all members of the scope that the policy is for
     * @param teams the scope's teams; empty for a scope that has none
     * @return the reason, or empty if there is a team whose requests could be approved
     */
    public static Optional<String> unsatisfiable(Policy policy, List<Membership> members, Collection<TeamId> teams) {
        if (teams.size() == 1) {
            Optional<Policy.StagePolicy> otherTeam = policy.stages().stream()
                    .filter(stage -> stage.teamScope() == TeamScope.OTHER_TEAM)
                    .findFirst();
            if (otherTeam.isPresent()) {
                return Optional.of("Stage " + otherTeam.get().order()
                        + " is for people of another team than the submitter's, and there is only one team.");
            }
        }
        Set<Optional<TeamId>> submitterTeams =
                members.stream().map(Membership::team).collect(Collectors.toCollection(LinkedHashSet::new));
        Optional<String> reason = Optional.of("There is nobody who could decide.");
        for (Optional<TeamId> team : submitterTeams) {
            Optional<String> shortage = unsatisfiableFor(policy, members, team);
            if (shortage.isEmpty()) {
                return Optional.empty();
            }
            reason = shortage;
        }
        return reason;
    }

    private static Optional<String> unsatisfiableFor(
            Policy policy, List<Membership> members, Optional<TeamId> submitterTeam) {
        Approval request = hypothetical(policy, submitterTeam);
        List<List<UserId>> eligible = new ArrayList<>();
        for (Stage stage : request.stages()) {
            List<UserId> people = eligible(request, stage, members);
            Optional<String> shortage = shortage(stage, stage.minApprovers(), people.size());
            if (shortage.isPresent()) {
                return shortage;
            }
            for (int i = 0; i < stage.minApprovers(); i++) {
                eligible.add(people);
            }
        }
        int seated = policy.distinctApprovers() ? seat(eligible) : eligible.size();
        return seated == eligible.size()
                ? Optional.empty()
                : Optional.of("The stages need " + eligible.size() + " distinct people, and there "
                        + (seated == 1 ? "is only one." : "are only " + seated + "."));
    }

    /** @return how many of the seats can be taken if nobody takes two: a maximum matching by augmenting paths */
    private static int seat(List<List<UserId>> eligibleBySeat) {
        Map<UserId, Integer> seatOf = new HashMap<>();
        int seated = 0;
        for (int seat = 0; seat < eligibleBySeat.size(); seat++) {
            if (find(seat, eligibleBySeat, seatOf, new HashSet<>())) {
                seated++;
            }
        }
        return seated;
    }

    private static boolean find(
            int seat, List<List<UserId>> eligibleBySeat, Map<UserId, Integer> seatOf, Set<UserId> asked) {
        for (UserId person : eligibleBySeat.get(seat)) {
            if (asked.add(person)) {
                Integer present = seatOf.get(person);
                if (present == null || find(present, eligibleBySeat, seatOf, asked)) {
                    seatOf.put(person, seat);
                    return true;
                }
            }
        }
        return false;
    }

    private static List<UserId> eligible(Approval approval, Stage stage, List<Membership> members) {
        return members.stream()
                .filter(member -> isEligible(approval, stage, member.user(), Optional.of(member))
                        .allowed())
                .map(Membership::user)
                .toList();
    }

    private static Optional<String> shortage(Stage stage, int missing, int eligible) {
        if (eligible >= missing) {
            return Optional.empty();
        }
        return Optional.of("Stage " + stage.order() + " needs "
                + (missing == 1 ? "a person" : missing + (stage.decisions().isEmpty() ? " people" : " more people"))
                + " with "
                + stage.requiredPermission().wireName()
                + switch (stage.teamScope()) {
                    case ANY -> "";
                    case OTHER_TEAM -> " of another team than the submitter's";
                    case SUBMITTER_TEAM -> " of the submitter's team";
                }
                + " other than the submitter, and there "
                + (eligible == 0 ? "is none." : eligible == 1 ? "is only one." : "are only " + eligible + "."));
    }

    /** @return a request under a policy that somebody of a team submits who decides nothing */
    private static Approval hypothetical(Policy policy, Optional<TeamId> submitterTeam) {
        return new Approval(
                ApprovalId.random(),
                EntityType.ROUTE,
                "",
                "",
                "",
                Scope.PLATFORM,
                ApprovalStatus.PENDING,
                new UserId(""),
                submitterTeam,
                Instant.EPOCH,
                Optional.empty(),
                Optional.empty(),
                "",
                "",
                Optional.empty(),
                policy.distinctApprovers(),
                "",
                Optional.empty(),
                policy.stages().stream()
                        .map(stage -> new Stage(
                                new StageId(UUID.randomUUID()),
                                stage.order(),
                                stage.requiredPermission(),
                                stage.teamScope(),
                                stage.minApprovers(),
                                StageStatus.PENDING,
                                Optional.empty(),
                                List.of()))
                        .toList());
    }

    private static Optional<Verdict> judge(Case c, List<Rule> rules) {
        return rules.stream().flatMap(rule -> rule.apply(c).stream()).findFirst();
    }

    private static Optional<Verdict> refuseIf(boolean condition, Refusal refusal, String explanation) {
        return condition ? Optional.of(Verdict.refused(refusal, explanation)) : Optional.empty();
    }
}
