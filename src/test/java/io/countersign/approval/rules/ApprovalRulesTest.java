package io.countersign.approval.rules;

import static io.countersign.approval.TeamScope.ANY;
import static io.countersign.approval.TeamScope.OTHER_TEAM;
import static io.countersign.approval.TeamScope.SUBMITTER_TEAM;
import static io.countersign.approval.rules.Refusal.ACCOUNT_MAKER;
import static io.countersign.approval.rules.Refusal.ALREADY_DECIDED;
import static io.countersign.approval.rules.Refusal.LATER_STAGE_DECIDED;
import static io.countersign.approval.rules.Refusal.MISSING_PERMISSION;
import static io.countersign.approval.rules.Refusal.NOT_STUCK;
import static io.countersign.approval.rules.Refusal.NOT_YOUR_DECISION;
import static io.countersign.approval.rules.Refusal.NO_QUESTION;
import static io.countersign.approval.rules.Refusal.PROCESS_ENDED;
import static io.countersign.approval.rules.Refusal.SAME_APPROVER;
import static io.countersign.approval.rules.Refusal.SELF_APPROVAL;
import static io.countersign.approval.rules.Refusal.STAGE_NOT_OPEN;
import static io.countersign.approval.rules.Refusal.WAITING_FOR_SUBMITTER;
import static io.countersign.approval.rules.Refusal.WRONG_TEAM;
import static io.countersign.identity.ProjectRole.ADMIN;
import static io.countersign.identity.ProjectRole.APPROVER;
import static io.countersign.identity.ProjectRole.EDITOR;
import static io.countersign.identity.ProjectRole.OWNER;
import static io.countersign.identity.ProjectRole.VIEWER;
import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.approval.Approval;
import io.countersign.approval.ApprovalContent;
import io.countersign.approval.ApprovalHeader;
import io.countersign.approval.ApprovalId;
import io.countersign.approval.ApprovalProgress;
import io.countersign.approval.ApprovalStatus;
import io.countersign.approval.Decision;
import io.countersign.approval.DecisionKind;
import io.countersign.approval.Question;
import io.countersign.approval.Stage;
import io.countersign.approval.StageId;
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
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractObjectAssert;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Who may decide which stage, as a specification; see docs/approvals.md. Project {@code storefront} has the teams web
 * and payments; Erin, an editor of team web, asks for something.
 */
class ApprovalRulesTest {

    private static final Scope PROJECT = Scope.project("storefront");
    private static final UserId ERIN = new UserId("erin");
    private static final Membership ERIN_AS_OWNER = member("erin", OWNER, "web");

    private static final Membership WEB_APPROVER = member("walt", APPROVER, "web");
    private static final Membership OTHER_WEB_APPROVER = member("wendy", APPROVER, "web");
    private static final Membership PAYMENTS_APPROVER = member("pete", APPROVER, "payments");
    private static final Membership OWNER_OF_WEB = member("olga", OWNER, "web");
    private static final Membership TEAMLESS_APPROVER = member("tess", APPROVER, null);
    private static final Membership SUPERADMIN = new Membership(
            new UserId("sam"), Scope.PLATFORM, "superadmin", Set.of(Permission.TENANT_APPROVE), Optional.empty());

    @Nested
    class Submitter_never_decides_own_request {

        @Test
        void not_even_as_an_owner() {
            assertDecision(request().stage(ANY), ERIN_AS_OWNER).isEqualTo(SELF_APPROVAL);
        }

        @Test
        void not_in_a_later_stage_either() {
            Request request = request().approvedStage(ANY, "walt").stage(ANY);

            assertThat(verdict(request, 2, ERIN_AS_OWNER).refusal()).hasValue(SELF_APPROVAL);
        }

        @Test
        void and_is_told_so_before_anything_else() {
            Request rejected = request().rejectedStage(OTHER_TEAM, "walt").status(ApprovalStatus.REJECTED);

            assertDecision(rejected, member("erin", VIEWER, "web")).isEqualTo(SELF_APPROVAL);
        }
    }

    @Nested
    class Decider_needs_the_stages_permission {

        @ParameterizedTest
        @EnumSource(names = {"APPROVER", "ADMIN", "OWNER"})
        void which_approvers_admins_and_owners_have(ProjectRole role) {
            assertAllowed(request().stage(ANY), member("somebody", role, "web"));
        }

        @ParameterizedTest
        @EnumSource(names = {"VIEWER", "EDITOR"})
        void which_viewers_and_editors_lack(ProjectRole role) {
            assertDecision(request().stage(ANY), member("somebody", role, "web"))
                    .isEqualTo(MISSING_PERMISSION);
        }

        @Test
        void and_it_must_be_that_of_the_stage_not_another() {
            Membership holderOfAnother = new Membership(
                    new UserId("hank"),
                    PROJECT,
                    "approver",
                    Set.of(Permission.CLIENT_APPROVE),
                    Optional.of(new TeamId("web")));

            assertDecision(request().stage(ANY), holderOfAnother).isEqualTo(MISSING_PERMISSION);
        }

        @Test
        void so_nobody_decides_without_being_a_member() {
            Approval approval = request().stage(ANY).build();

            Verdict verdict = ApprovalRules.mayDecide(
                    approval, approval.stage(1), Candidate.alone(new UserId("stranger"), Optional.empty()));

            assertThat(verdict.refusal()).hasValue(MISSING_PERMISSION);
        }

        @Test
        void and_lacking_it_is_told_before_the_wrong_team() {
            assertDecision(request().stage(OTHER_TEAM), member("ed", EDITOR, "web"))
                    .isEqualTo(MISSING_PERMISSION);
        }

        @Test
        void and_the_explanation_names_it() {
            assertThat(verdict(request().stage(ANY), 1, member("ed", EDITOR, "web"))
                            .explanation())
                    .contains("route.approve", "project:storefront");
        }
    }

    @Nested
    class Team_scope {

        @ParameterizedTest(name = "{0}: approver of team {1} may decide: {2}")
        @CsvSource({
            "ANY,            web,      true",
            "ANY,            payments, true",
            "ANY,            ,         true",
            "OTHER_TEAM,     web,      false",
            "OTHER_TEAM,     payments, true",
            "OTHER_TEAM,     ,         false",
            "SUBMITTER_TEAM, web,      true",
            "SUBMITTER_TEAM, payments, false",
            "SUBMITTER_TEAM, ,         false",
        })
        void compares_with_the_submitters_team(TeamScope scope, String team, boolean allowed) {
            assertThat(verdict(request().stage(scope), 1, member("anne", APPROVER, team))
                            .refusal())
                    .isEqualTo(allowed ? Optional.empty() : Optional.of(WRONG_TEAM));
        }

        @ParameterizedTest
        @EnumSource
        void leaves_owners_free(TeamScope scope) {
            assertAllowed(request().stage(scope), OWNER_OF_WEB);
            assertAllowed(request().stage(scope), member("otto", OWNER, "payments"));
        }

        @ParameterizedTest
        @EnumSource
        void never_frees_an_owner_from_self_approval(TeamScope scope) {
            assertDecision(request().stage(scope), ERIN_AS_OWNER).isEqualTo(SELF_APPROVAL);
        }

        @Test
        void binds_admins_who_are_no_owners() {
            assertDecision(request().stage(OTHER_TEAM), member("ada", ADMIN, "web"))
                    .isEqualTo(WRONG_TEAM);
        }

        @ParameterizedTest
        @EnumSource(names = {"OTHER_TEAM", "SUBMITTER_TEAM"})
        void fails_closed_when_the_submitter_had_no_team(TeamScope scope) {
            Request request = request().submitterTeam(null).stage(scope);

            assertDecision(request, PAYMENTS_APPROVER).isEqualTo(WRONG_TEAM);
            assertDecision(request, TEAMLESS_APPROVER).isEqualTo(WRONG_TEAM);
            assertAllowed(request, OWNER_OF_WEB);
        }

        @Test
        void is_that_of_the_submission_however_people_moved_since() {
            Request askedFromPayments = request().submitterTeam("payments").stage(OTHER_TEAM);

            assertAllowed(askedFromPayments, WEB_APPROVER);
            assertDecision(askedFromPayments, PAYMENTS_APPROVER).isEqualTo(WRONG_TEAM);
        }

        @Test
        void is_told_before_the_state() {
            Request rejected = request().rejectedStage(OTHER_TEAM, "pete").status(ApprovalStatus.REJECTED);

            assertDecision(rejected, WEB_APPROVER).isEqualTo(WRONG_TEAM);
        }
    }

    @Nested
    class Distinct_people {

        @Test
        void nobody_counts_twice_in_a_stage() {
            Request request = request().openStageOfThree(ANY, "walt");

            assertDecision(request, WEB_APPROVER).isEqualTo(SAME_APPROVER);
            assertAllowed(request, OTHER_WEB_APPROVER);
        }

        @Test
        void one_person_may_decide_several_stages() {
            Request request = request().approvedStage(ANY, "walt").stage(ANY);

            assertThat(verdict(request, 2, WEB_APPROVER).allowed()).isTrue();
        }

        @Test
        void unless_the_policy_asks_for_distinct_people() {
            Request request =
                    request().distinctApprovers().approvedStage(ANY, "walt").stage(ANY);

            assertThat(verdict(request, 2, WEB_APPROVER).refusal()).hasValue(SAME_APPROVER);
            assertThat(verdict(request, 2, OTHER_WEB_APPROVER).allowed()).isTrue();
        }

        @Test
        void which_binds_owners_too() {
            Request request =
                    request().distinctApprovers().approvedStage(ANY, "olga").stage(OTHER_TEAM);

            assertThat(verdict(request, 2, OWNER_OF_WEB).refusal()).hasValue(SAME_APPROVER);
        }
    }

    @Nested
    class Stages_are_decided_strictly_in_order {

        @Test
        void the_open_stage_is_the_first_undecided_one() {
            Request request = request().approvedStage(ANY, "walt").stage(ANY).stage(ANY);

            assertThat(verdict(request, 2, OTHER_WEB_APPROVER).allowed()).isTrue();
        }

        @Test
        void a_later_stage_waits() {
            assertThat(verdict(request().stage(ANY).stage(ANY), 2, WEB_APPROVER).refusal())
                    .hasValue(STAGE_NOT_OPEN);
        }

        @Test
        void for_owners_too() {
            assertThat(verdict(request().stage(ANY).stage(ANY), 2, OWNER_OF_WEB).refusal())
                    .hasValue(STAGE_NOT_OPEN);
        }
    }

    @Nested
    class Decided_stage_is_closed {

        @Test
        void once_approved() {
            assertThat(verdict(request().approvedStage(ANY, "walt").stage(ANY), 1, OTHER_WEB_APPROVER)
                            .refusal())
                    .hasValue(ALREADY_DECIDED);
        }

        @Test
        void once_rejected() {
            Request rejected = request().rejectedStage(ANY, "walt").status(ApprovalStatus.REJECTED);

            assertDecision(rejected, OTHER_WEB_APPROVER).isEqualTo(ALREADY_DECIDED);
        }

        @Test
        void to_whoever_decided_it_as_to_anyone_else() {
            assertDecision(request().approvedStage(ANY, "walt").stage(ANY), WEB_APPROVER)
                    .isEqualTo(ALREADY_DECIDED);
        }

        @Test
        void and_a_rejection_closes_the_stages_that_never_opened() {
            Request rejected = request().rejectedStage(ANY, "walt").stage(ANY).status(ApprovalStatus.REJECTED);

            assertThat(verdict(rejected, 2, OTHER_WEB_APPROVER).refusal()).hasValue(ALREADY_DECIDED);
        }

        @Test
        void and_a_cancellation_closes_them_all() {
            Request cancelled = request().stage(ANY).stage(ANY).status(ApprovalStatus.CANCELLED);

            assertThat(verdict(cancelled, 1, WEB_APPROVER).refusal()).hasValue(ALREADY_DECIDED);
            assertThat(verdict(cancelled, 2, WEB_APPROVER).refusal()).hasValue(ALREADY_DECIDED);
        }

        @Test
        void and_the_explanation_says_how_it_ended() {
            Request cancelled = request().stage(ANY).status(ApprovalStatus.CANCELLED);

            assertThat(verdict(cancelled, 1, WEB_APPROVER).explanation()).contains("cancelled");
        }
    }

    @Nested
    class Eligible {

        @Test
        void for_a_stage_that_is_not_open_yet_are_those_who_will_decide_it() {
            Approval approval = request().stage(ANY).stage(OTHER_TEAM).build();

            assertThat(eligible(approval, 2, PAYMENTS_APPROVER).allowed()).isTrue();
            assertThat(eligible(approval, 2, WEB_APPROVER).refusal()).hasValue(WRONG_TEAM);
        }

        @Test
        void is_never_the_submitter() {
            Approval approval = request().stage(ANY).build();

            assertThat(eligible(approval, 1, ERIN_AS_OWNER).refusal()).hasValue(SELF_APPROVAL);
        }

        @Test
        void is_a_person_who_has_the_name_of_the_orchestrator_that_submitted() {
            Approval approval = request()
                    .submitter(Principal.orchestrator(ERIN.value()))
                    .stage(ANY)
                    .build();

            assertThat(eligible(approval, 1, ERIN_AS_OWNER).allowed()).isTrue();
        }

        @Test
        void is_nobody_any_more_once_the_process_was_ended() {
            List<Candidate> members = Candidate.alone(List.of(WEB_APPROVER, PAYMENTS_APPROVER));
            Approval running = request().stage(ANY).build();
            Approval ended = request().withoutProcess().stage(ANY).stage(ANY).build();

            assertThat(ApprovalRules.deciders(running, running.stage(1), members))
                    .containsExactly(WEB_APPROVER.user(), PAYMENTS_APPROVER.user());
            assertThat(ApprovalRules.deciders(ended, ended.stage(1), members)).isEmpty();
            assertThat(ApprovalRules.deciders(ended, ended.stage(2), members)).isEmpty();
        }

        private static Verdict eligible(Approval approval, int order, Membership member) {
            return ApprovalRules.isEligible(
                    approval, approval.stage(order), Candidate.alone(member.user(), Optional.of(member)));
        }
    }

    @Nested
    class Stuck {

        @Test
        void is_a_request_whose_only_owner_asked() {
            assertThat(stuckReason(request().stage(ANY), ERIN_AS_OWNER))
                    .hasValue("Stage 1 needs a person with route.approve other than the submitter, and there is none.");
        }

        @Test
        void is_a_stage_for_another_team_when_there_is_none() {
            assertThat(stuckReason(request().stage(OTHER_TEAM), WEB_APPROVER))
                    .hasValueSatisfying(reason -> assertThat(reason).contains("of another team than the submitter's"));
        }

        @Test
        void is_a_stage_for_the_submitters_team_when_nobody_else_is_in_it() {
            assertThat(stuckReason(request().stage(SUBMITTER_TEAM), PAYMENTS_APPROVER))
                    .hasValueSatisfying(reason -> assertThat(reason).contains("of the submitter's team"));
        }

        @Test
        void is_a_stage_that_asks_for_more_people_than_there_are() {
            Request request = request().stageOf(3, ANY);

            assertThat(stuckReason(request, WEB_APPROVER))
                    .hasValueSatisfying(reason -> assertThat(reason)
                            .startsWith("Stage 1 needs 3 people")
                            .endsWith("and there is only one."));
            assertThat(stuckReason(request, WEB_APPROVER, OTHER_WEB_APPROVER))
                    .hasValueSatisfying(reason -> assertThat(reason).endsWith("and there are only 2."));
            assertThat(stuckReason(request, WEB_APPROVER, OTHER_WEB_APPROVER, PAYMENTS_APPROVER))
                    .isEmpty();
        }

        @Test
        void counts_those_who_are_still_missing_and_not_those_who_approved() {
            Request request = request().openStageOfThree(ANY, "walt");

            assertThat(stuckReason(request, WEB_APPROVER, OTHER_WEB_APPROVER, PAYMENTS_APPROVER))
                    .isEmpty();
            assertThat(stuckReason(request, WEB_APPROVER, OTHER_WEB_APPROVER))
                    .hasValueSatisfying(reason -> assertThat(reason).startsWith("Stage 1 needs 2 more people"));
        }

        @Test
        void is_not_a_request_that_an_owner_can_decide_whatever_the_team_scope() {
            assertThat(stuckReason(request().stage(OTHER_TEAM), ERIN_AS_OWNER, OWNER_OF_WEB))
                    .isEmpty();
        }

        @Test
        void nobody_was_told_who_may_decide() {
            Approval approval = request().stage(ANY).build();
            List<Candidate> members = Candidate.alone(List.of(WEB_APPROVER, OTHER_WEB_APPROVER));

            assertThat(ApprovalRules.stuckReason(approval, approval.stage(1), members, people -> Set.of()))
                    .contains(Approval.NOBODY_TOLD);
            assertThat(ApprovalRules.stuckReason(
                            approval, approval.stage(1), members, people -> Set.of(WEB_APPROVER.user())))
                    .isEmpty();
        }

        @Test
        void that_nobody_can_decide_goes_before_that_nobody_was_told() {
            Approval approval = request().stage(ANY).build();

            assertThat(ApprovalRules.stuckReason(approval, approval.stage(1), List.of(), people -> Set.of()))
                    .hasValueSatisfying(reason -> assertThat(reason).endsWith("there is none."));
        }

        private static Optional<String> stuckReason(Request request, Membership... members) {
            Approval approval = request.build();
            return ApprovalRules.stuckReason(approval, approval.stage(1), Candidate.alone(List.of(members)));
        }
    }

    @Nested
    class Override {

        private final Request stuck = request().stage(ANY).stage(ANY).stuck();

        @Test
        void is_a_superadmins_way_to_decide_a_stuck_stage() {
            assertThat(override(stuck, 1, SUPERADMIN).allowed()).isTrue();
        }

        @Test
        void needs_the_platform_role() {
            Approval approval = stuck.build();

            assertThat(ApprovalRules.mayOverride(
                                    approval, approval.stage(1), Candidate.alone(new UserId("olga"), Optional.empty()))
                            .refusal())
                    .hasValue(MISSING_PERMISSION);
        }

        @Test
        void is_refused_while_somebody_can_decide() {
            assertThat(override(request().stage(ANY), 1, SUPERADMIN).refusal()).hasValue(NOT_STUCK);
        }

        @Test
        void is_never_for_ones_own_request() {
            Membership erin = new Membership(ERIN, Scope.PLATFORM, "superadmin", Set.of(), Optional.empty());

            assertThat(override(stuck, 1, erin).refusal()).hasValue(SELF_APPROVAL);
        }

        @Test
        void keeps_to_the_order_of_the_stages() {
            assertThat(override(stuck, 2, SUPERADMIN).refusal()).hasValue(STAGE_NOT_OPEN);
        }

        @Test
        void does_not_reopen_what_is_decided() {
            Request cancelled = request().stage(ANY).status(ApprovalStatus.CANCELLED);

            assertThat(override(cancelled, 1, SUPERADMIN).refusal()).hasValue(ALREADY_DECIDED);
        }

        @Test
        void counts_as_one_person_in_a_stage_that_asks_for_several() {
            Request overridden = request().openStageOfThree(ANY, "sam").stuck();

            assertThat(override(overridden, 1, SUPERADMIN).refusal()).hasValue(SAME_APPROVER);
        }

        @Test
        void is_refused_once_the_process_was_ended_and_so_is_every_decision() {
            Request ended = request().withoutProcess().stage(ANY);

            assertThat(override(ended, 1, SUPERADMIN).refusal()).hasValue(PROCESS_ENDED);
            assertThat(verdict(ended, 1, WEB_APPROVER).refusal()).hasValue(PROCESS_ENDED);
        }

        @Test
        void is_refused_to_whoever_may_be_the_submitter_in_another_guise() {
            Approval approval = stuck.build();
            Candidate maker = new Candidate(SUPERADMIN.user(), Optional.of(SUPERADMIN), List.of(), Set.of(ERIN));

            assertThat(ApprovalRules.mayOverride(approval, approval.stage(1), maker)
                            .refusal())
                    .hasValue(ACCOUNT_MAKER);
        }

        private static Verdict override(Request request, int order, Membership onPlatform) {
            Approval approval = request.build();
            return ApprovalRules.mayOverride(
                    approval, approval.stage(order), Candidate.alone(onPlatform.user(), Optional.of(onPlatform)));
        }
    }

    @Nested
    class Another_guise {

        @Test
        void decides_nothing_of_the_submitter_and_is_nobody_who_is_waited_for() {
            Approval approval = request().stage(ANY).build();
            Candidate tied =
                    new Candidate(PAYMENTS_APPROVER.user(), Optional.of(PAYMENTS_APPROVER), List.of(), Set.of(ERIN));

            assertThat(ApprovalRules.mayDecide(approval, approval.stage(1), tied)
                            .refusal())
                    .hasValue(ACCOUNT_MAKER);
            assertThat(ApprovalRules.stuckReason(approval, approval.stage(1), List.of(tied)))
                    .isPresent();
        }

        @Test
        void decides_what_others_submit() {
            Approval approval = request().stage(ANY).build();
            Candidate tied = new Candidate(
                    PAYMENTS_APPROVER.user(),
                    Optional.of(PAYMENTS_APPROVER),
                    List.of(),
                    Set.of(new UserId("somebody-else")));

            assertThat(ApprovalRules.mayDecide(approval, approval.stage(1), tied)
                            .allowed())
                    .isTrue();
        }
    }

    @Nested
    class Taking_back {

        @Test
        void is_for_ones_own_approval_while_the_next_stage_is_undecided() {
            assertThat(takeBack(request().approvedStage(ANY, "walt").stage(ANY), 1, "walt"))
                    .isEqualTo(Verdict.ALLOWED);
        }

        @Test
        void is_possible_within_a_stage_that_waits_for_more_people() {
            assertThat(takeBack(request().openStageOfThree(ANY, "walt"), 1, "walt"))
                    .isEqualTo(Verdict.ALLOWED);
        }

        @Test
        void is_never_for_the_approval_of_somebody_else() {
            assertThat(takeBack(request().approvedStage(ANY, "walt").stage(ANY), 1, "olga")
                            .refusal())
                    .hasValue(NOT_YOUR_DECISION);
        }

        @Test
        void is_not_for_a_stage_that_nobody_decided() {
            assertThat(takeBack(request().stage(ANY), 1, "walt").refusal()).hasValue(NOT_YOUR_DECISION);
        }

        @Test
        void is_refused_once_a_later_stage_is_decided() {
            Request request = request()
                    .approvedStage(ANY, "walt")
                    .approvedStage(ANY, "pete")
                    .stage(ANY);

            assertThat(takeBack(request, 1, "walt").refusal()).hasValue(LATER_STAGE_DECIDED);
            assertThat(takeBack(request, 2, "pete")).isEqualTo(Verdict.ALLOWED);
        }

        @Test
        void is_refused_as_soon_as_one_of_several_decided_in_a_later_stage() {
            assertThat(takeBack(request().approvedStage(ANY, "walt").openStageOfThree(ANY, "pete"), 1, "walt")
                            .refusal())
                    .hasValue(LATER_STAGE_DECIDED);
        }

        @ParameterizedTest
        @EnumSource(
                value = ApprovalStatus.class,
                names = {"REJECTED", "CANCELLED"})
        void is_refused_when_the_request_has_ended(ApprovalStatus status) {
            assertThat(takeBack(request().approvedStage(ANY, "walt").status(status), 1, "walt")
                            .refusal())
                    .hasValue(ALREADY_DECIDED);
        }

        @Test
        void is_allowed_while_the_approved_change_is_not_carried_out() {
            assertThat(takeBack(request().approvedStage(ANY, "walt").status(ApprovalStatus.APPROVED), 1, "walt"))
                    .isEqualTo(Verdict.ALLOWED);
        }

        @Test
        void is_refused_once_the_approved_change_is_carried_out() {
            Request request = request()
                    .approvedStage(ANY, "walt")
                    .status(ApprovalStatus.APPROVED)
                    .carriedOut();

            assertThat(takeBack(request, 1, "walt").refusal()).hasValue(ALREADY_DECIDED);
        }

        @Test
        void is_open_to_the_absent_person_in_whose_place_somebody_approved() {
            Request request =
                    request().approvedStageInPlace(ANY, "walt", "pete").stage(ANY);

            assertThat(takeBack(request, 1, "pete")).isEqualTo(Verdict.ALLOWED);
            assertThat(takeBack(request, 1, "walt")).isEqualTo(Verdict.ALLOWED);
        }

        private static Verdict takeBack(Request request, int order, String person) {
            Approval approval = request.build();
            return ApprovalRules.mayTakeBack(approval, approval.stage(order), new UserId(person));
        }
    }

    @Nested
    class Stand_in {

        private static final Membership EDITOR_OF_WEB = member("eve", EDITOR, "web");

        @Test
        void decides_with_the_absent_persons_permission_and_team() {
            Verdict verdict = inPlace(request().stage(OTHER_TEAM), EDITOR_OF_WEB, PAYMENTS_APPROVER);

            assertThat(verdict.allowed()).isTrue();
            assertThat(verdict.onBehalfOf()).hasValue(PAYMENTS_APPROVER.user());
        }

        @Test
        void decides_in_their_own_name_where_they_may() {
            Verdict verdict = inPlace(request().stage(ANY), WEB_APPROVER, PAYMENTS_APPROVER);

            assertThat(verdict).isEqualTo(Verdict.ALLOWED);
        }

        @Test
        void may_no_more_than_the_absent_person() {
            assertThat(inPlace(request().stage(OTHER_TEAM), EDITOR_OF_WEB, WEB_APPROVER)
                            .refusal())
                    .hasValue(WRONG_TEAM);
        }

        @Test
        void never_decides_in_the_submitters_place() {
            Membership erin = member("erin", APPROVER, "web");

            Verdict verdict = inPlace(request().stage(ANY), EDITOR_OF_WEB, erin);

            assertThat(verdict.refusal()).hasValue(SELF_APPROVAL);
            assertThat(verdict.explanation()).contains("stand in for erin");
        }

        @Test
        void keeps_the_rights_of_their_own_where_the_absent_person_submitted() {
            Membership erin = member("erin", APPROVER, "web");

            assertThat(inPlace(request().stage(ANY), OWNER_OF_WEB, erin)).isEqualTo(Verdict.ALLOWED);
            assertThat(inPlace(request().stage(OTHER_TEAM), PAYMENTS_APPROVER, erin))
                    .isEqualTo(Verdict.ALLOWED);
        }

        @Test
        void never_decides_their_own_request_in_the_place_of_anybody() {
            Membership erin = member("erin", EDITOR, "web");

            assertThat(inPlace(request().stage(ANY), erin, OWNER_OF_WEB).refusal())
                    .hasValue(SELF_APPROVAL);
        }

        @Test
        void decides_nothing_in_a_scope_that_they_are_no_member_of() {
            Approval approval = request().stage(ANY).build();
            Candidate outsider = new Candidate(new UserId("otis"), Optional.empty(), List.of(PAYMENTS_APPROVER));

            assertThat(ApprovalRules.mayDecide(approval, approval.stage(1), outsider)
                            .refusal())
                    .hasValue(MISSING_PERMISSION);
        }

        @Test
        void counts_for_both_in_a_stage_that_asks_for_several() {
            Request request = request().openStageOfThreeInPlace(ANY, "eve", "pete");

            assertDecision(request, PAYMENTS_APPROVER).isEqualTo(SAME_APPROVER);
            assertThat(inPlace(request, EDITOR_OF_WEB, WEB_APPROVER).refusal()).hasValue(SAME_APPROVER);
            assertAllowed(request, WEB_APPROVER);
        }

        @Test
        void counts_for_both_where_the_policy_asks_for_distinct_people() {
            Request request = request()
                    .distinctApprovers()
                    .approvedStageInPlace(ANY, "eve", "pete")
                    .stage(ANY);

            assertThat(verdict(request, 2, PAYMENTS_APPROVER).refusal()).hasValue(SAME_APPROVER);
            assertThat(verdict(request, 2, PAYMENTS_APPROVER).explanation()).contains("eve decided in your place");
            assertThat(verdict(request, 2, WEB_APPROVER)).isEqualTo(Verdict.ALLOWED);
        }

        @Test
        void cannot_decide_for_somebody_who_decided_already() {
            Request request = request().openStageOfThree(ANY, "pete");

            assertThat(inPlace(request, EDITOR_OF_WEB, PAYMENTS_APPROVER).refusal())
                    .hasValue(SAME_APPROVER);
        }

        @Test
        void is_no_further_person_when_it_is_asked_whether_a_stage_is_stuck() {
            Approval approval = request().stageOf(2, ANY).build();
            List<Candidate> members = List.of(
                    Candidate.alone(PAYMENTS_APPROVER.user(), Optional.of(PAYMENTS_APPROVER)),
                    standIn(EDITOR_OF_WEB, PAYMENTS_APPROVER));

            assertThat(ApprovalRules.stuckReason(approval, approval.stage(1), members))
                    .hasValueSatisfying(reason -> assertThat(reason).contains("only one"));
        }

        private static Verdict inPlace(Request request, Membership standIn, Membership absent) {
            Approval approval = request.build();
            return ApprovalRules.mayDecide(approval, approval.openStage().orElseThrow(), standIn(standIn, absent));
        }

        private static Candidate standIn(Membership standIn, Membership absent) {
            return new Candidate(standIn.user(), Optional.of(standIn), List.of(absent));
        }
    }

    @Nested
    class Question_to_the_submitter {

        private final Request asked = request().stage(ANY).stage(ANY).questionOf("walt");

        @Test
        void keeps_everybody_from_deciding() {
            assertDecision(asked, WEB_APPROVER).isEqualTo(WAITING_FOR_SUBMITTER);
            assertDecision(asked, OWNER_OF_WEB).isEqualTo(WAITING_FOR_SUBMITTER);
        }

        @Test
        void keeps_superadmins_from_overriding() {
            Approval approval = asked.stuck().build();

            assertThat(ApprovalRules.mayOverride(
                                    approval,
                                    approval.stage(1),
                                    Candidate.alone(SUPERADMIN.user(), Optional.of(SUPERADMIN)))
                            .refusal())
                    .hasValue(WAITING_FOR_SUBMITTER);
        }

        @Test
        void is_answered_by_the_submitter_alone() {
            assertThat(ApprovalRules.mayAnswer(asked.build(), ERIN)).isEqualTo(Verdict.ALLOWED);
            assertThat(ApprovalRules.mayAnswer(asked.build(), WEB_APPROVER.user())
                            .refusal())
                    .hasValue(MISSING_PERMISSION);
            assertThat(ApprovalRules.mayAnswer(request().stage(ANY).build(), ERIN)
                            .refusal())
                    .hasValue(NO_QUESTION);
        }

        @Test
        void is_withdrawn_by_whoever_asked_or_may_decide() {
            assertThat(withdraw(member("walt", VIEWER, "web"), false)).isEqualTo(Verdict.ALLOWED);
            assertThat(withdraw(PAYMENTS_APPROVER, false)).isEqualTo(Verdict.ALLOWED);
            assertThat(withdraw(member("vera", VIEWER, "web"), true)).isEqualTo(Verdict.ALLOWED);
            assertThat(withdraw(member("vera", VIEWER, "web"), false).refusal()).hasValue(MISSING_PERMISSION);
            assertThat(withdraw(ERIN_AS_OWNER, false).refusal()).hasValue(SELF_APPROVAL);
        }

        private Verdict withdraw(Membership person, boolean superadmin) {
            return ApprovalRules.mayWithdrawQuestion(
                    asked.build(), Candidate.alone(person.user(), Optional.of(person)), superadmin);
        }
    }

    @Test
    void refusals_about_the_person_are_told_from_those_about_the_state() {
        assertThat(Stream.of(Refusal.values()).filter(Refusal::aboutPerson))
                .containsExactlyInAnyOrder(
                        SELF_APPROVAL, ACCOUNT_MAKER, MISSING_PERMISSION, WRONG_TEAM, SAME_APPROVER, NOT_YOUR_DECISION);
    }

    @Test
    void refusals_have_stable_codes() {
        assertThat(Refusal.values())
                .extracting(refusal -> refusal.code().wireName())
                .containsExactlyInAnyOrder(
                        "self_approval",
                        "account_maker",
                        "missing_permission",
                        "wrong_team",
                        "same_approver",
                        "already_decided",
                        "stage_not_open",
                        "waiting_for_submitter",
                        "process_ended",
                        "not_stuck",
                        "not_your_decision",
                        "later_stage_decided",
                        "no_question");
    }

    private static void assertAllowed(Request request, Membership member) {
        assertThat(verdict(request, 1, member)).isEqualTo(Verdict.ALLOWED);
    }

    private static AbstractObjectAssert<?, Refusal> assertDecision(Request request, Membership member) {
        Verdict verdict = verdict(request, 1, member);
        assertThat(verdict.refusal()).as("is refused").isPresent();
        assertThat(verdict.explanation()).isNotBlank();
        return assertThat(verdict.refusal().orElseThrow());
    }

    private static Verdict verdict(Request request, int order, Membership member) {
        Approval approval = request.build();
        return ApprovalRules.mayDecide(
                approval, approval.stage(order), Candidate.alone(member.user(), Optional.of(member)));
    }

    private static Membership member(String user, ProjectRole role, String team) {
        return new Membership(
                new UserId(user),
                PROJECT,
                role.wireName(),
                role.permissions(),
                Optional.ofNullable(team).map(TeamId::new));
    }

    private static Request request() {
        return new Request();
    }

    /** Erin's request for a change of a route, stage by stage. */
    private static final class Request {

        private final List<Stage> stages = new ArrayList<>();
        private Principal submitter = Principal.of(ERIN);
        private String submitterTeam = "web";
        private ApprovalStatus status = ApprovalStatus.PENDING;
        private boolean distinctApprovers;
        private String stuckReason;
        private Optional<String> task = Optional.of("task");
        private boolean carriedOut;
        private String asker;
        private WaitingPolicy waiting = WaitingPolicy.NONE;

        Request stage(TeamScope scope) {
            return stageOf(1, scope);
        }

        Request stageOf(int minApprovers, TeamScope scope) {
            return add(scope, minApprovers, StageStatus.PENDING);
        }

        Request openStageOfThree(TeamScope scope, String approvedBy) {
            return add(scope, 3, StageStatus.PENDING, decision(DecisionKind.APPROVE, approvedBy));
        }

        Request approvedStage(TeamScope scope, String by) {
            return add(scope, 1, StageStatus.APPROVED, decision(DecisionKind.APPROVE, by));
        }

        Request approvedStageInPlace(TeamScope scope, String by, String absent) {
            return add(scope, 1, StageStatus.APPROVED, inPlace(by, absent));
        }

        Request openStageOfThreeInPlace(TeamScope scope, String by, String absent) {
            return add(scope, 3, StageStatus.PENDING, inPlace(by, absent));
        }

        Request questionOf(String person) {
            asker = person;
            return this;
        }

        Request rejectedStage(TeamScope scope, String by) {
            return add(scope, 1, StageStatus.REJECTED, decision(DecisionKind.REJECT, by));
        }

        Request submitter(Principal who) {
            submitter = who;
            return this;
        }

        Request submitterTeam(String team) {
            submitterTeam = team;
            return this;
        }

        Request status(ApprovalStatus newStatus) {
            status = newStatus;
            return this;
        }

        Request distinctApprovers() {
            distinctApprovers = true;
            return this;
        }

        /** A request whose stages, added after this, have no task any more. */
        Request withoutProcess() {
            task = Optional.empty();
            stuckReason = Approval.PROCESS_ENDED;
            return this;
        }

        Request carriedOut() {
            carriedOut = true;
            return this;
        }

        Request stuck() {
            stuckReason = "nobody can";
            return this;
        }

        Approval build() {
            return new Approval(
                    new ApprovalHeader(
                            ApprovalId.random(),
                            RouteRequests.TYPE,
                            "cart",
                            "cart",
                            "update",
                            PROJECT,
                            submitter,
                            Optional.ofNullable(submitterTeam).map(TeamId::new),
                            Instant.EPOCH,
                            distinctApprovers,
                            "0".repeat(64),
                            waiting),
                    new ApprovalContent("{}", "0".repeat(64), Optional.empty()),
                    new ApprovalProgress(
                            new ApprovalProgress.Outcome(
                                    status,
                                    Optional.empty(),
                                    Optional.empty(),
                                    carriedOut ? Optional.of(Instant.EPOCH) : Optional.empty()),
                            Optional.ofNullable(stuckReason),
                            Optional.empty(),
                            List.copyOf(stages),
                            0,
                            asker == null ? List.of() : List.of(question())));
        }

        private Question question() {
            return new Question(
                    UUID.randomUUID(),
                    stages.get(0).id(),
                    new UserId(asker),
                    Optional.empty(),
                    Instant.EPOCH,
                    "why?",
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
        }

        private Request add(TeamScope scope, int minApprovers, StageStatus stageStatus, Decision... decisions) {
            stages.add(new Stage(
                    new StageId(UUID.randomUUID()),
                    stages.size() + 1,
                    Permission.ROUTE_APPROVE,
                    scope,
                    minApprovers,
                    stageStatus,
                    task,
                    List.of(decisions)));
            return this;
        }

        private static Decision inPlace(String by, String absent) {
            return new Decision(
                    DecisionKind.APPROVE,
                    new UserId(by),
                    Optional.of(new UserId(absent)),
                    Instant.EPOCH,
                    null,
                    false,
                    "api");
        }

        private static Decision decision(DecisionKind kind, String by) {
            return new Decision(kind, new UserId(by), Instant.EPOCH, "because", false, "api");
        }
    }
}
