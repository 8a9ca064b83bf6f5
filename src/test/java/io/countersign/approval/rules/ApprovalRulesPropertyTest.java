package io.countersign.approval.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.approval.Approval;
import io.countersign.approval.ApprovalContent;
import io.countersign.approval.ApprovalHeader;
import io.countersign.approval.ApprovalId;
import io.countersign.approval.ApprovalProgress;
import io.countersign.approval.ApprovalStatus;
import io.countersign.approval.Decision;
import io.countersign.approval.DecisionKind;
import io.countersign.approval.Policy;
import io.countersign.approval.Policy.StagePolicy;
import io.countersign.approval.Stage;
import io.countersign.approval.StageStatus;
import io.countersign.approval.TeamScope;
import io.countersign.approval.WaitingPolicy;
import io.countersign.gateway.RouteRequests;
import io.countersign.identity.Permission;
import io.countersign.identity.Principal;
import io.countersign.identity.ProjectRole;
import io.countersign.identity.Scope;
import io.countersign.identity.TeamId;
import io.countersign.identity.UserId;
import io.countersign.identity.membership.Membership;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.statistics.Statistics;

/**
 * Any policy, any people, any order of decisions: the rules must agree with a tiny model that was written from
 * docs/approvals.md alone and shares no code with them.
 */
class ApprovalRulesPropertyTest {

    private static final Scope SCOPE = Scope.project("storefront");

    /** What somebody tries to do about a stage. */
    enum Deed {
        APPROVE,
        REJECT,
        TAKE_BACK
    }

    /** Somebody tries to decide some stage, or to take back what they approved there. */
    record Attempt(int person, int stage, Deed deed) {}

    /** One person stands in for another. */
    record StandIn(int absent, int standIn) {}

    /** A project, who stands in for whom in it, a policy, who submits and what is tried then. */
    record World(
            List<Membership> people, List<StandIn> standIns, Policy policy, int submitter, List<Attempt> attempts) {

        Candidate candidate(int person) {
            List<Membership> absent = standIns.stream()
                    .filter(pair -> pair.standIn() == person)
                    .map(pair -> people.get(pair.absent()))
                    .toList();
            return new Candidate(people.get(person).user(), Optional.of(people.get(person)), absent);
        }
    }

    @Property(tries = 2000)
    void rules_come_to_what_the_model_says(@ForAll("worlds") World world) {
        Model model = new Model(world);
        Approval approval = submit(world);
        for (Attempt attempt : world.attempts()) {
            Candidate person = world.candidate(attempt.person());
            Stage stage = approval.stages().get(attempt.stage());

            Verdict verdict = attempt.deed() == Deed.TAKE_BACK
                    ? ApprovalRules.mayTakeBack(approval, stage, person.user())
                    : ApprovalRules.mayDecide(approval, stage, person);

            assertThat(verdict.allowed())
                    .as("%s in %s: %s", attempt, approval, verdict)
                    .isEqualTo(model.accepts(attempt));
            if (verdict.allowed()) {
                Optional<UserId> absent = verdict.onBehalfOf();
                assertThat(attempt.deed() == Deed.TAKE_BACK || model.mayDecideFor(attempt, absent))
                        .as("%s in the place of %s", attempt, absent)
                        .isTrue();
                model.apply(attempt, absent);
                approval = attempt.deed() == Deed.TAKE_BACK
                        ? takenBack(approval, stage, person.user())
                        : decided(approval, stage, person.user(), absent, attempt.deed() == Deed.APPROVE);
            }
            Statistics.label("deed").collect(attempt.deed(), verdict.allowed());
        }
        assertThat(approval.status().wireName()).isEqualTo(model.status());
        Statistics.label("outcome").collect(model.status());
    }

    @Property(tries = 1000)
    void open_stage_is_stuck_exactly_if_the_model_finds_too_few_people(@ForAll("worlds") World world) {
        Model model = new Model(world);
        Approval approval = submit(world);

        Optional<String> reason = ApprovalRules.stuckReason(
                approval,
                approval.stages().get(0),
                IntStream.range(0, world.people().size())
                        .mapToObj(world::candidate)
                        .toList());

        assertThat(reason)
                .as("whoever stands in for whom")
                .isEqualTo(
                        ApprovalRules.stuckReason(approval, approval.stages().get(0), Candidate.alone(world.people())));
        long able = IntStream.range(0, world.people().size())
                .filter(person -> model.mayDecideFor(new Attempt(person, 0, Deed.APPROVE), Optional.empty()))
                .count();
        assertThat(reason.isPresent())
                .isEqualTo(able < world.policy().stages().get(0).minApprovers());
    }

    @Property(tries = 1000)
    void delegations_take_no_right_from_anybody(@ForAll("worlds") World world) {
        Approval approval = submit(world);
        for (int i = 0; i < world.people().size(); i++) {
            Membership member = world.people().get(i);
            Verdict alone = ApprovalRules.mayDecide(
                    approval, approval.stages().get(0), Candidate.alone(member.user(), Optional.of(member)));
            Verdict linked = ApprovalRules.mayDecide(approval, approval.stages().get(0), world.candidate(i));

            if (alone.allowed()) {
                assertThat(linked).isEqualTo(alone);
            }
            assertThat(linked.onBehalfOf()).isNotEqualTo(Optional.of(approval.submitter()));
            Statistics.label("right").collect(alone.allowed(), linked.allowed());
        }
    }

    @Property(tries = 1000)
    void policy_is_unsatisfiable_exactly_if_no_team_finds_its_approvers(@ForAll("worlds") World world) {
        List<TeamId> teams = List.of(new TeamId("a"), new TeamId("b"), new TeamId("c"));

        Optional<String> reason = ApprovalRules.unsatisfiable(world.policy(), world.people(), teams);

        boolean possible = world.people().stream()
                .map(person -> person.team().orElseThrow())
                .distinct()
                .anyMatch(team -> canFill(world, team, 0, 0, Set.of(), Set.of()));
        assertThat(reason.isEmpty()).isEqualTo(possible);
        Statistics.label("satisfiable").collect(possible);
    }

    /** Tries everybody for each seat of each stage in turn. */
    private static boolean canFill(
            World world, TeamId submitterTeam, int stage, int seat, Set<UserId> here, Set<UserId> before) {
        if (stage == world.policy().stages().size()) {
            return true;
        }
        StagePolicy wanted = world.policy().stages().get(stage);
        if (seat == wanted.minApprovers()) {
            Set<UserId> all = new HashSet<>(before);
            all.addAll(here);
            return canFill(world, submitterTeam, stage + 1, 0, Set.of(), all);
        }
        for (Membership person : world.people()) {
            boolean taken = here.contains(person.user())
                    || world.policy().distinctApprovers() && before.contains(person.user());
            if (!taken && Model.suits(person, wanted, submitterTeam)) {
                Set<UserId> next = new HashSet<>(here);
                next.add(person.user());
                if (canFill(world, submitterTeam, stage, seat + 1, next, before)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The rules of docs/approvals.md, as plainly as possible. */
    private static final class Model {

        /** An approval, and everybody for whom it counts. */
        private record Vote(UserId decider, Set<UserId> countsFor) {}

        private final World world;
        private final List<List<Vote>> votes = new ArrayList<>();
        private boolean rejected;

        Model(World world) {
            this.world = world;
            world.policy().stages().forEach(stage -> votes.add(new ArrayList<>()));
        }

        boolean accepts(Attempt attempt) {
            UserId person = world.people().get(attempt.person()).user();
            if (attempt.deed() == Deed.TAKE_BACK) {
                boolean laterVotes = IntStream.range(attempt.stage() + 1, votes.size())
                        .anyMatch(stage -> !votes.get(stage).isEmpty());
                return !rejected && !laterVotes && voted(attempt.stage(), person);
            }
            return mayDecideFor(attempt, Optional.empty())
                    || world.standIns().stream()
                            .filter(pair -> pair.standIn() == attempt.person())
                            .anyMatch(pair -> mayDecideFor(
                                    attempt,
                                    Optional.of(
                                            world.people().get(pair.absent()).user())));
        }

        /** Whether somebody may decide in the place of somebody else, or in their own. */
        boolean mayDecideFor(Attempt attempt, Optional<UserId> absent) {
            UserId person = world.people().get(attempt.person()).user();
            Membership rights = world.people().stream()
                    .filter(member -> member.user().equals(absent.orElse(person)))
                    .findFirst()
                    .orElseThrow();
            StagePolicy stage = world.policy().stages().get(attempt.stage());
            TeamId submitterTeam = world.people().get(world.submitter()).team().orElseThrow();
            Set<UserId> both = new HashSet<>(List.of(person));
            absent.ifPresent(both::add);
            boolean countedHere = both.stream().anyMatch(one -> voted(attempt.stage(), one));
            boolean countedElsewhere = IntStream.range(0, votes.size())
                    .anyMatch(other -> other != attempt.stage() && both.stream().anyMatch(one -> voted(other, one)));
            return !rejected
                    && attempt.stage() == open()
                    && both.stream().noneMatch(submitter()::equals)
                    && suits(rights, stage, submitterTeam)
                    && !countedHere
                    && !(world.policy().distinctApprovers() && countedElsewhere);
        }

        private UserId submitter() {
            return world.people().get(world.submitter()).user();
        }

        private boolean voted(int stage, UserId person) {
            return votes.get(stage).stream().anyMatch(vote -> vote.countsFor().contains(person));
        }

        static boolean suits(Membership person, StagePolicy stage, TeamId submitterTeam) {
            boolean sameTeam = person.team().orElseThrow().equals(submitterTeam);
            boolean rightTeam = person.role().equals("owner")
                    || switch (stage.teamScope()) {
                        case ANY -> true;
                        case OTHER_TEAM -> !sameTeam;
                        case SUBMITTER_TEAM -> sameTeam;
                    };
            return Set.of("approver", "admin", "owner").contains(person.role()) && rightTeam;
        }

        void apply(Attempt attempt, Optional<UserId> absent) {
            UserId person = world.people().get(attempt.person()).user();
            switch (attempt.deed()) {
                case REJECT -> rejected = true;
                case TAKE_BACK -> {
                    List<Vote> here = votes.get(attempt.stage());
                    here.remove(here.stream()
                            .filter(vote -> vote.countsFor().contains(person))
                            .findFirst()
                            .orElseThrow());
                }
                case APPROVE -> {
                    Set<UserId> both = new HashSet<>(List.of(person));
                    absent.ifPresent(both::add);
                    votes.get(attempt.stage()).add(new Vote(person, both));
                }
            }
        }

        String status() {
            return rejected ? "rejected" : open() == votes.size() ? "approved" : "pending";
        }

        private int open() {
            int stage = 0;
            while (stage < votes.size()
                    && votes.get(stage).size()
                            == world.policy().stages().get(stage).minApprovers()) {
                stage++;
            }
            return stage;
        }
    }

    @Provide
    Arbitrary<World> worlds() {
        return Combinators.combine(people(), policies())
                .flatAs((people, policy) -> Combinators.combine(
                                Arbitraries.integers().between(0, people.size() - 1),
                                standIns(people.size()),
                                attempts(people.size(), policy.stages().size()))
                        .as((submitter, standIns, attempts) ->
                                new World(people, standIns, policy, submitter, attempts)));
    }

    private static Arbitrary<List<StandIn>> standIns(int people) {
        Arbitrary<Integer> person = Arbitraries.integers().between(0, people - 1);
        return Combinators.combine(person, person)
                .as(StandIn::new)
                .filter(10_000, pair -> people == 1 || pair.absent() != pair.standIn())
                .list()
                .ofMaxSize(people == 1 ? 0 : 2)
                .uniqueElements();
    }

    private static Arbitrary<List<Membership>> people() {
        Arbitrary<ProjectRole> roles = Arbitraries.frequency(
                Tuple.of(1, ProjectRole.VIEWER),
                Tuple.of(1, ProjectRole.EDITOR),
                Tuple.of(4, ProjectRole.APPROVER),
                Tuple.of(2, ProjectRole.ADMIN),
                Tuple.of(2, ProjectRole.OWNER));
        return Combinators.combine(roles, Arbitraries.of("a", "b", "c"))
                .as((role, team) -> new Membership(
                        new UserId(""), SCOPE, role.wireName(), role.permissions(), Optional.of(new TeamId(team))))
                .list()
                .ofMinSize(1)
                .ofMaxSize(6)
                .map(ApprovalRulesPropertyTest::named);
    }

    private static List<Membership> named(List<Membership> people) {
        return IntStream.range(0, people.size())
                .mapToObj(i -> {
                    Membership person = people.get(i);
                    return new Membership(
                            new UserId("person-" + i), SCOPE, person.role(), person.permissions(), person.team());
                })
                .toList();
    }

    private static Arbitrary<Policy> policies() {
        Arbitrary<StagePolicy> stages = Combinators.combine(
                        Arbitraries.of(Permission.ROUTE_APPROVE, Permission.CLIENT_APPROVE),
                        Arbitraries.of(TeamScope.class),
                        Arbitraries.frequency(Tuple.of(3, 1), Tuple.of(1, 2)))
                .as((permission, team, min) -> new StagePolicy(0, permission, team, min));
        return Combinators.combine(stages.list().ofMinSize(1).ofMaxSize(4), Arbitraries.of(true, false))
                .as((list, distinct) -> new Policy(
                        IntStream.range(0, list.size())
                                .mapToObj(i -> new StagePolicy(
                                        i + 1,
                                        list.get(i).requiredPermission(),
                                        list.get(i).teamScope(),
                                        list.get(i).minApprovers()))
                                .toList(),
                        distinct));
    }

    private static Arbitrary<List<Attempt>> attempts(int people, int stages) {
        return Combinators.combine(
                        Arbitraries.integers().between(0, people - 1),
                        Arbitraries.integers().between(0, stages - 1),
                        Arbitraries.frequency(
                                Tuple.of(14, Deed.APPROVE), Tuple.of(1, Deed.REJECT), Tuple.of(3, Deed.TAKE_BACK)))
                .as(Attempt::new)
                .list()
                .ofMaxSize(40);
    }

    private static Approval submit(World world) {
        Membership submitter = world.people().get(world.submitter());
        return approval(
                ApprovalStatus.PENDING,
                submitter,
                world.policy().distinctApprovers(),
                world.policy().stages().stream().map(Stage::of).toList());
    }

    /** Records a decision as the aggregate does. */
    private static Approval decided(
            Approval approval, Stage stage, UserId person, Optional<UserId> absent, boolean approve) {
        List<Decision> decisions = new ArrayList<>(stage.decisions());
        decisions.add(new Decision(
                approve ? DecisionKind.APPROVE : DecisionKind.REJECT,
                person,
                absent,
                Instant.EPOCH,
                null,
                false,
                "api"));
        return with(approval, stage, decisions, approve);
    }

    /** Takes a decision back as the aggregate does. */
    private static Approval takenBack(Approval approval, Stage stage, UserId person) {
        List<Decision> decisions = new ArrayList<>(stage.decisions());
        decisions.remove(stage.decisionOf(person).orElseThrow());
        return with(approval, stage, decisions, true);
    }

    private static Approval with(Approval approval, Stage stage, List<Decision> decisions, boolean approve) {
        StageStatus next = !approve
                ? StageStatus.REJECTED
                : decisions.size() == stage.minApprovers() ? StageStatus.APPROVED : StageStatus.PENDING;
        List<Stage> stages = approval.stages().stream()
                .map(other -> other.id().equals(stage.id())
                        ? new Stage(
                                stage.id(),
                                stage.order(),
                                stage.requiredPermission(),
                                stage.teamScope(),
                                stage.minApprovers(),
                                next,
                                Optional.empty(),
                                decisions)
                        : other)
                .toList();
        ApprovalStatus status = !approve
                ? ApprovalStatus.REJECTED
                : stages.stream().allMatch(s -> s.status() == StageStatus.APPROVED)
                        ? ApprovalStatus.APPROVED
                        : ApprovalStatus.PENDING;
        return approval(
                status,
                new Membership(
                        approval.submitter().person().orElseThrow(), SCOPE, "", Set.of(), approval.submitterTeam()),
                approval.distinctApprovers(),
                stages);
    }

    private static Approval approval(
            ApprovalStatus status, Membership submitter, boolean distinct, List<Stage> stages) {
        return new Approval(
                new ApprovalHeader(
                        new ApprovalId(new UUID(0, 0)),
                        RouteRequests.TYPE,
                        "",
                        "",
                        "create",
                        SCOPE,
                        Principal.of(submitter.user()),
                        submitter.team(),
                        Instant.EPOCH,
                        distinct,
                        "",
                        WaitingPolicy.NONE),
                new ApprovalContent("{}", "", Optional.empty()),
                new ApprovalProgress(
                        new ApprovalProgress.Outcome(status, Optional.empty(), Optional.empty(), Optional.empty()),
                        Optional.empty(),
                        Optional.empty(),
                        stages,
                        0,
                        List.of()));
    }
}
