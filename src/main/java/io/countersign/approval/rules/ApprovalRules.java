package io.countersign.approval.rules;

import io.countersign.approval.Approval;
import io.countersign.approval.ApprovalContent;
import io.countersign.approval.ApprovalHeader;
import io.countersign.approval.ApprovalId;
import io.countersign.approval.ApprovalProgress;
import io.countersign.approval.ApprovalStatus;
import io.countersign.approval.DecisionKind;
import io.countersign.approval.EntityType;
import io.countersign.approval.Policy;
import io.countersign.approval.Question;
import io.countersign.approval.Stage;
import io.countersign.approval.StageStatus;
import io.countersign.approval.TeamScope;
import io.countersign.approval.WaitingPolicy;
import io.countersign.identity.Principal;
import io.countersign.identity.Scope;
import io.countersign.identity.TeamId;
import io.countersign.identity.UserId;
import io.countersign.identity.membership.Membership;
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
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The rules of who may decide which stage. All code that enforces, explains or lists eligibility calls this class;
 * nothing else decides.
 */
public final class ApprovalRules {

    /** One rule: refuses a case with a reason, or returns empty. */
    private interface Rule extends Function<Case, Optional<Verdict>> {}

    /**
     * A person in front of a stage.
     *
     * @param membership the membership that lets them decide: their own, or that of the absent person they stand in for
     * @param absent the absent person they stand in for, if any
     * @param tied the accounts that may belong to the same person
     */
    private record Case(
            Approval approval,
            Stage stage,
            UserId person,
            Optional<Membership> membership,
            Optional<UserId> absent,
            Set<UserId> tied) {

        /** @return whether the stage has escalated to the policy's group and the member belongs to it */
        boolean askedToo() {
            return stage.escalatedAt().isPresent()
                    && approval.waiting()
                            .group()
                            .filter(group -> membership.filter(group::includes).isPresent())
                            .isPresent();
        }

        /** @return whether a decision of theirs at another stage, or this one, already counts */
        boolean counted(Stage other) {
            return other.decidedBy(person) || absent.filter(other::decidedBy).isPresent();
        }

        /**
         * @return the wording of the refusal, which differs if a stand-in decided for the person or they stand in here
         */
        String counted(Stage other, String otherwise) {
            return absent.filter(other::decidedBy)
                    .map(away -> away + ", in whose place you stand, is counted already.")
                    .orElseGet(() -> other.decisionOf(person)
                            .filter(decision -> !decision.decidedBy().equals(person))
                            .map(decision -> decision.decidedBy() + " decided in your place already.")
                            .orElse(otherwise));
        }
    }

    private static final EntityType ANY = new EntityType("any");

    private static final Rule submitterNeverDecidesOwnRequest = c -> refuseIf(
            c.approval().submitter().is(c.person()),
            Refusal.SELF_APPROVAL,
            "Nobody decides their own request, in any stage.");

    /**
     * A stand-in has only the absent person's rights, and that person never decides their own request. Stand-ins keep
     * their own rights: naming stand-ins must not exclude anyone from a request.
     */
    private static final Rule nobodyDecidesInTheSubmittersPlace = c -> refuseIf(
            c.absent().filter(c.approval().submitter()::is).isPresent(),
            Refusal.SELF_APPROVAL,
            "You stand in for " + c.approval().submitter()
                    + " here, and nobody decides their own request, in any stage.");

    /** Where one superadmin cannot count as two people, neither can the accounts that they create. */
    private static final Rule nobodyDecidesInAnotherGuise = c -> refuseIf(
            c.approval().submitter().person().filter(c.tied()::contains).isPresent(),
            Refusal.ACCOUNT_MAKER,
            "One of you and " + c.approval().submitter()
                    + " lately made the other's account, or somebody made both. Somebody else decides.");

    private static final Rule deciderNeedsThePermissionOrIsAskedToo = c -> refuseIf(
            !c.askedToo()
                    && c.membership()
                            .filter(member ->
                                    member.permissions().contains(c.stage().requiredPermission()))
                            .isEmpty(),
            Refusal.MISSING_PERMISSION,
            "This stage needs the permission " + c.stage().requiredPermission().wireName() + " in "
                    + c.approval().scope() + ".");

    private static final Rule teamScopeHoldsForAllButOwners = c -> {
        Membership member = c.membership().orElseThrow();
        if (member.owner() || c.askedToo()) {
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
            c.stage().status() == StageStatus.PENDING && c.counted(c.stage()),
            Refusal.SAME_APPROVER,
            c.counted(c.stage(), "This stage asks for several people, and you approved it already."));

    private static final Rule distinctPeopleWhereThePolicySaysSo = c -> c.approval().stages().stream()
            .filter(stage -> c.approval().distinctApprovers())
            .filter(stage -> !stage.id().equals(c.stage().id()) && c.counted(stage))
            .findFirst()
            .map(stage -> Verdict.refused(
                    Refusal.SAME_APPROVER,
                    c.counted(stage, "This policy asks for distinct people, and you decided another stage.")));

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

    private static final Rule nothingIsDecidedWhileTheSubmitterIsAsked = c -> refuseIf(
            c.approval().openQuestion().isPresent(),
            Refusal.WAITING_FOR_SUBMITTER,
            "The submitter is to answer a question first.");

    private static final Rule nothingIsDecidedWithoutAProcess = c -> refuseIf(
            c.approval().processEnded(),
            Refusal.PROCESS_ENDED,
            "An administrator ended the process of this request. It can only be cancelled.");

    private static final Rule onlyOnesOwnApprovalIsTakenBack = c -> refuseIf(
            c.stage()
                    .decisionOf(c.person())
                    .filter(decision -> decision.kind() == DecisionKind.APPROVE)
                    .isEmpty(),
            Refusal.NOT_YOUR_DECISION,
            "There is no approval of yours in this stage.");

    private static final Rule onlyWhatIsUnfinishedIsTakenBack = c -> refuseIf(
            !c.approval().unfinished(),
            Refusal.ALREADY_DECIDED,
            "This request is "
                    + (c.approval().carriedOutAt().isPresent()
                            ? "carried out"
                            : c.approval().status().wireName())
                    + " already.");

    private static final Rule noLaterDecisionStandsWithoutItsPredecessor = c -> refuseIf(
            c.approval().stages().stream()
                    .anyMatch(stage -> stage.order() > c.stage().order()
                            && !stage.decisions().isEmpty()),
            Refusal.LATER_STAGE_DECIDED,
            "A later stage was decided, which must not stand without this one. Its people can take theirs back first.");

    private static final Rule onlyAStuckStageIsOverridden = c -> refuseIf(
            c.approval().stuckReason().isEmpty(),
            Refusal.NOT_STUCK,
            "Somebody can decide this stage, so it cannot be overridden.");

    private static final List<Rule> PERSON = List.of(
            submitterNeverDecidesOwnRequest,
            nobodyDecidesInTheSubmittersPlace,
            nobodyDecidesInAnotherGuise,
            deciderNeedsThePermissionOrIsAskedToo,
            teamScopeHoldsForAllButOwners,
            nobodyCountsTwiceInAStage,
            distinctPeopleWhereThePolicySaysSo);

    private static final List<Rule> STATE = List.of(
            decidedStageIsClosed,
            stagesAreDecidedInOrder,
            nothingIsDecidedWithoutAProcess,
            nothingIsDecidedWhileTheSubmitterIsAsked);

    private static final List<Rule> TAKE_BACK = List.of(
            onlyOnesOwnApprovalIsTakenBack,
            onlyWhatIsUnfinishedIsTakenBack,
            nothingIsDecidedWithoutAProcess,
            noLaterDecisionStandsWithoutItsPredecessor);

    private ApprovalRules() {}

    /**
     * Whether a person may decide a stage now, or ask its submitter a question.
     *
     * @return allowed, with the absent person if they stand in for one; or the first rule that refuses, those about the
     *     person before those about the state
     */
    public static Verdict mayDecide(Approval approval, Stage stage, Candidate person) {
        Verdict eligible = isEligible(approval, stage, person);
        return eligible.allowed()
                ? judge(inOwnPlace(approval, stage, person), STATE).orElse(eligible)
                : eligible;
    }

    /**
     * Whether a person is eligible to decide a stage, whether or not it is open: by their own membership, or else by
     * that of a person they stand in for.
     *
     * @return allowed, with the absent person if they stand in for one; or the first rule about the person that refuses
     */
    public static Verdict isEligible(Approval approval, Stage stage, Candidate person) {
        Optional<Verdict> own = judge(inOwnPlace(approval, stage, person), PERSON);
        if (own.isEmpty()) {
            return Verdict.ALLOWED;
        }
        boolean lacksTheRight = own.get()
                .refusal()
                .filter(refusal -> refusal == Refusal.MISSING_PERMISSION || refusal == Refusal.WRONG_TEAM)
                .isPresent();
        Optional<Verdict> refusedInPlace = Optional.empty();
        if (lacksTheRight && person.own().isPresent()) {
            for (Membership absent : person.absent()) {
                Optional<Verdict> refused = judge(inPlaceOf(absent, approval, stage, person), PERSON);
                if (refused.isEmpty()) {
                    return Verdict.allowedInPlaceOf(absent.user());
                }
                refusedInPlace = refusedInPlace.or(() -> refused);
            }
        }
        return refusedInPlace.orElse(own.get());
    }

    /**
     * The people to list as deciders of a stage, whether or not it is open.
     *
     * @param members all members of the approval's scope
     * @return those of them who are eligible; empty if the process was ended, since nothing can be decided then
     */
    public static List<UserId> deciders(Approval approval, Stage stage, List<Candidate> members) {
        return members.stream()
                .filter(member -> !approval.processEnded()
                        && isEligible(approval, stage, member).allowed())
                .map(Candidate::user)
                .toList();
    }

    /**
     * Whether a person may take back an approval that they gave, or that a stand-in gave on their behalf.
     *
     * @return allowed, or the first rule that refuses
     */
    public static Verdict mayTakeBack(Approval approval, Stage stage, UserId person) {
        return judge(inOwnPlace(approval, stage, Candidate.alone(person, Optional.empty())), TAKE_BACK)
                .orElse(Verdict.ALLOWED);
    }

    /**
     * Whether a person may withdraw the open question, so that the stage is decided without its answer.
     *
     * @param superadmin whether they are a superadmin
     * @return allowed for its author, people who may decide the stage, and superadmins
     */
    public static Verdict mayWithdrawQuestion(Approval approval, Candidate person, boolean superadmin) {
        Optional<Question> question = approval.openQuestion();
        if (question.isEmpty()) {
            return Verdict.refused(Refusal.NO_QUESTION, "There is no open question.");
        }
        if (superadmin || question.get().askedBy().equals(person.user())) {
            return Verdict.ALLOWED;
        }
        return isEligible(approval, approval.stage(question.get().stage()), person);
    }

    /**
     * Whether a person may answer the open question.
     *
     * @return allowed for the submitter
     */
    public static Verdict mayAnswer(Approval approval, UserId person) {
        if (approval.openQuestion().isEmpty()) {
            return Verdict.refused(Refusal.NO_QUESTION, "There is no open question.");
        }
        return approval.submitter().is(person)
                ? Verdict.ALLOWED
                : Verdict.refused(Refusal.MISSING_PERMISSION, "Only the submitter answers.");
    }

    /**
     * Whether a superadmin may decide a stuck stage by override.
     *
     * @param person the person with their platform membership
     * @return allowed, or the first rule that refuses
     */
    public static Verdict mayOverride(Approval approval, Stage stage, Candidate person) {
        if (person.own().isEmpty()) {
            return Verdict.refused(Refusal.MISSING_PERMISSION, "Only a superadmin overrides.");
        }
        Case c = inOwnPlace(approval, stage, person);
        return judge(c, List.of(submitterNeverDecidesOwnRequest, nobodyDecidesInAnotherGuise))
                .or(() -> judge(c, STATE))
                .or(() -> judge(c, List.of(nobodyCountsTwiceInAStage, onlyAStuckStageIsOverridden)))
                .orElse(Verdict.ALLOWED);
    }

    /**
     * @return whether a membership lets its holder decide some stage of a request, ignoring the person, their team and
     *     the status of the request
     */
    public static boolean concerns(Approval approval, Membership membership) {
        return approval.stages().stream()
                        .anyMatch(stage -> membership.permissions().contains(stage.requiredPermission()))
                || approval.waiting()
                        .group()
                        .filter(group -> group.includes(membership))
                        .isPresent();
    }

    /**
     * Why no one can complete a stage. Delegations change nothing: stand-ins count by their own memberships.
     *
     * @param members all members of the approval's scope
     * @return the reason, or empty if enough people are eligible
     */
    public static Optional<String> stuckReason(Approval approval, Stage stage, List<Candidate> members) {
        int missing = stage.approversMissing();
        return shortage(stage, missing, (int) members.stream()
                .filter(member -> decidesInOwnPlace(approval, stage, member))
                .limit(missing)
                .count());
    }

    /**
     * Why a stage does not proceed by itself: no one can complete it, or no one who can was notified. The latter
     * prevents no one from deciding.
     *
     * @param members all members of the approval's scope
     * @param told selects the people who were notified or can be
     * @return the reason, or empty if enough people are eligible and one of them was notified or can be
     */
    public static Optional<String> stuckReason(
            Approval approval, Stage stage, List<Candidate> members, Function<Collection<UserId>, Set<UserId>> told) {
        return stuckReason(approval, stage, members)
                .or(() -> told.apply(eligible(approval, stage, members)).isEmpty()
                        ? Optional.of(Approval.NOBODY_TOLD)
                        : Optional.empty());
    }

    /**
     * Whether a changed membership can change who completes a stage.
     *
     * @param user whose membership it is
     * @param before their membership of the approval's scope before; empty if they were not a member
     * @param after their membership now; empty if they are not a member
     * @return true if they have become, or are no longer, one of the stage's deciders
     */
    public static boolean isTouched(
            Approval approval, Stage stage, UserId user, Optional<Membership> before, Optional<Membership> after) {
        return decidesInOwnPlace(approval, stage, Candidate.alone(user, before))
                != decidesInOwnPlace(approval, stage, Candidate.alone(user, after));
    }

    /**
     * Why no request under a policy could be approved at present, regardless of the submitter's team, and even if the
     * submitter is not an approver.
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
            List<UserId> people = eligible(request, stage, Candidate.alone(members));
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

    /** @return how many seats can be filled if each person fills at most one: a maximum matching by augmenting paths */
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

    private static List<UserId> eligible(Approval approval, Stage stage, List<Candidate> members) {
        return members.stream()
                .filter(member -> decidesInOwnPlace(approval, stage, member))
                .map(Candidate::user)
                .toList();
    }

    private static boolean decidesInOwnPlace(Approval approval, Stage stage, Candidate person) {
        return judge(inOwnPlace(approval, stage, person), PERSON).isEmpty();
    }

    private static Case inOwnPlace(Approval approval, Stage stage, Candidate person) {
        return new Case(approval, stage, person.user(), person.own(), Optional.empty(), person.tied());
    }

    private static Case inPlaceOf(Membership absent, Approval approval, Stage stage, Candidate person) {
        return new Case(approval, stage, person.user(), Optional.of(absent), Optional.of(absent.user()), person.tied());
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

    /** @return a request under a policy, submitted by a team member who decides nothing */
    private static Approval hypothetical(Policy policy, Optional<TeamId> submitterTeam) {
        return new Approval(
                new ApprovalHeader(
                        ApprovalId.random(),
                        ANY,
                        "",
                        "",
                        "",
                        Scope.PLATFORM,
                        Principal.of(new UserId("")),
                        submitterTeam,
                        Instant.EPOCH,
                        policy.distinctApprovers(),
                        "",
                        WaitingPolicy.NONE),
                new ApprovalContent("", "", Optional.empty()),
                new ApprovalProgress(policy.stages().stream().map(Stage::of).toList()));
    }

    private static Optional<Verdict> judge(Case c, List<Rule> rules) {
        return rules.stream().flatMap(rule -> rule.apply(c).stream()).findFirst();
    }

    private static Optional<Verdict> refuseIf(boolean condition, Refusal refusal, String explanation) {
        return condition ? Optional.of(Verdict.refused(refusal, explanation)) : Optional.empty();
    }
}
