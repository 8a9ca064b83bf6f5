package io.countersign.identity.delegation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.Client;
import io.countersign.ServerTest;
import io.countersign.approval.Approval;
import io.countersign.approval.Policy;
import io.countersign.approval.Policy.StagePolicy;
import io.countersign.approval.TeamScope;
import io.countersign.approval.requests.Approvals;
import io.countersign.approval.requests.DecisionRights;
import io.countersign.approval.rules.Refusal;
import io.countersign.approval.rules.Verdict;
import io.countersign.gateway.RouteRequests;
import io.countersign.identity.Permission;
import io.countersign.identity.ProjectRole;
import io.countersign.identity.Scope;
import io.countersign.identity.TeamId;
import io.countersign.identity.UserId;
import io.countersign.identity.members.Members;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** An approver who is away names a stand-in. */
class DelegationsTest extends ServerTest {

    @Autowired
    private DecisionRights rights;

    @Autowired
    private Approvals approvals;

    @Autowired
    private JdbcClient jdbc;

    @Autowired
    private TransactionTemplate transaction;

    @Autowired
    private Members members;

    private String project;
    private String owner;
    private String editor;
    private String otherEditor;
    private String webApprover;
    private String paymentsApprover;

    @BeforeEach
    void project_of_two_teams() {
        owner = given.person("owner");
        project = given.project(owner);
        given.team(project, "payments");
        editor = given.member(project, ProjectRole.EDITOR, "web");
        otherEditor = given.member(project, ProjectRole.EDITOR, "web");
        webApprover = given.member(project, ProjectRole.APPROVER, "web");
        paymentsApprover = given.member(project, ProjectRole.APPROVER, "payments");
    }

    @Test
    void stand_in_decides_as_the_absent_person_would_and_both_are_named() {
        delegate(paymentsApprover, otherEditor).expect(201);
        Approval request = request(editor, TeamScope.OTHER_TEAM, 1);

        var decided = as(otherEditor).post(approve(request), Map.of()).expect(200);

        assertThat(decided.at("/status")).isEqualTo("approved");
        assertThat(decided.at("/stages/0/decisions/0/decided_by")).isEqualTo(otherEditor);
        assertThat(decided.at("/stages/0/decisions/0/on_behalf_of")).isEqualTo(paymentsApprover);
        var entry = as(owner)
                .get("/api/v1/audit?entity_type=route&entity_id=" + request.entityId())
                .expect(200);
        assertThat(entry.at("/items/0/actor")).isEqualTo(otherEditor);
        assertThat(entry.at("/items/0/details/on_behalf_of")).isEqualTo(paymentsApprover);
    }

    @Test
    void request_waits_for_the_stand_in_wherever_they_look() {
        Approval request = request(editor, TeamScope.OTHER_TEAM, 1);
        assertThat(waitsFor(otherEditor)).isZero();
        assertThat(tasks(otherEditor, request)).isZero();

        delegate(paymentsApprover, otherEditor).expect(201);

        assertThat(waitsFor(otherEditor)).isOne();
        assertThat(tasks(otherEditor, request)).isOne();
        var eligibility = as(owner)
                .get("/api/v1/approvals/" + request.id() + "/eligibility?user=" + otherEditor)
                .expect(200);
        assertThat(eligibility.json().at("/stages/0/eligible"))
                .extracting(com.fasterxml.jackson.databind.JsonNode::asText)
                .contains(otherEditor, paymentsApprover);
        assertThat(eligibility.at("/stages/0/on_behalf_of")).isEqualTo(paymentsApprover);
        assertThat(eligibility.at("/stages/0/explanation")).contains("in the place of " + paymentsApprover);
    }

    @Test
    void rules_say_the_same_of_several_people_at_once_as_of_each() {
        delegate(paymentsApprover, otherEditor).expect(201);
        Approval request = request(editor, TeamScope.OTHER_TEAM, 1);
        String stranger = given.person("stranger");
        Set<UserId> everybody = Stream.of(owner, editor, otherEditor, webApprover, paymentsApprover, stranger)
                .map(UserId::new)
                .collect(Collectors.toSet());

        Map<UserId, Verdict> together = rights.verdicts(request, request.stage(1), everybody);

        assertThat(together.keySet()).isEqualTo(everybody);
        assertThat(together)
                .allSatisfy((person, verdict) ->
                        assertThat(verdict).isEqualTo(rights.verdict(request, request.stage(1), person)));
        assertThat(together.get(new UserId(otherEditor)).onBehalfOf()).hasValue(new UserId(paymentsApprover));
        assertThat(together.get(new UserId(stranger)).refusal()).hasValue(Refusal.MISSING_PERMISSION);
    }

    @Test
    void stand_in_is_named_while_rows_are_added_that_refer_to_them() {
        var answer = transaction.execute(adding -> {
            jdbc.sql("select id from users where id = ? for key share")
                    .param(otherEditor)
                    .query(String.class)
                    .single();
            return CompletableFuture.supplyAsync(() -> delegate(paymentsApprover, otherEditor))
                    .orTimeout(10, TimeUnit.SECONDS)
                    .join();
        });

        answer.expect(201);
    }

    @Test
    void stand_in_decides_through_engine_rest_too() {
        delegate(paymentsApprover, otherEditor).expect(201);
        Approval request = request(editor, TeamScope.OTHER_TEAM, 1);
        String task = as(otherEditor)
                .get("/engine-rest/task?processInstanceBusinessKey=" + request.entityName())
                .expect(200)
                .at("/0/id");

        as(otherEditor)
                .post(
                        "/engine-rest/task/" + task + "/complete",
                        Map.of("variables", Map.of("decision", Map.of("value", "approve"))))
                .expect(204);

        assertThat(as(owner)
                        .get("/api/v1/approvals/" + request.id())
                        .expect(200)
                        .at("/stages/0/decisions/0/on_behalf_of"))
                .isEqualTo(paymentsApprover);
    }

    @Test
    void ending_a_delegation_takes_effect_at_once() {
        String id = delegate(paymentsApprover, otherEditor).expect(201).at("/id");
        Approval request = request(editor, TeamScope.OTHER_TEAM, 1);

        as(paymentsApprover).delete("/api/v1/me/delegations/" + id).expect(204);

        as(otherEditor).post(approve(request), Map.of()).expectProblem(403, "missing_permission");
        assertThat(waitsFor(otherEditor)).isZero();
        assertThat(tasks(otherEditor, request)).isZero();
        as(paymentsApprover).delete("/api/v1/me/delegations/" + id).expectProblem(409, "wrong_state");
    }

    @Test
    void being_asked_to_stand_in_changes_nothing_until_it_is_accepted() {
        String id = propose(paymentsApprover, otherEditor).expect(201).at("/id");
        Approval request = request(editor, TeamScope.OTHER_TEAM, 1);
        assertThat(status(otherEditor)).isEqualTo("proposed");
        as(otherEditor).post(approve(request), Map.of()).expectProblem(403, "missing_permission");
        assertThat(waitsFor(otherEditor)).isZero();
        assertThat(tasks(otherEditor, request)).isZero();

        as(paymentsApprover).post(answer(id, "accept"), null).expectProblem(403, "missing_permission");
        as(editor).post(answer(id, "accept"), null).expectProblem(403, "missing_permission");
        as(given.person("stranger")).post(answer(id, "accept"), null).expectProblem(404, "not_found");
        assertThat(as(otherEditor).post(answer(id, "accept"), null).expect(200).at("/status"))
                .isEqualTo("active");

        assertThat(waitsFor(otherEditor)).isOne();
        assertThat(tasks(otherEditor, request)).isOne();
        as(otherEditor).post(answer(id, "accept"), null).expectProblem(409, "wrong_state");
        as(otherEditor).post(answer(id, "decline"), null).expectProblem(409, "wrong_state");
        as(otherEditor).post(approve(request), Map.of()).expect(200);
        assertThat(as(given.superadmin())
                        .get("/api/v1/audit?entity_type=delegation&entity_id=" + id)
                        .expect(200)
                        .json()
                        .get("items"))
                .extracting(entry ->
                        entry.get("actor").asText() + " " + entry.get("action").asText())
                .containsExactly(otherEditor + " accept_delegation", paymentsApprover + " delegate");
    }

    @Test
    void stand_in_is_asked_by_mail_and_the_absent_person_learns_the_answer() {
        String id = propose(paymentsApprover, otherEditor).expect(201).at("/id");
        await().until(() -> subjects(otherEditor).stream().anyMatch(s -> s.startsWith("Stand-in asked:")));
        assertThat(subjects(paymentsApprover)).noneMatch(s -> s.startsWith("Stand-in"));

        as(paymentsApprover).post(answer(id, "decline"), null).expectProblem(403, "missing_permission");
        as(otherEditor).post(answer(id, "decline"), null).expect(200);

        await().until(() -> subjects(paymentsApprover).stream().anyMatch(s -> s.startsWith("Stand-in declined:")));
        assertThat(status(otherEditor)).isEqualTo("declined");
        as(otherEditor).post(answer(id, "accept"), null).expectProblem(409, "wrong_state");
        as(paymentsApprover).delete("/api/v1/me/delegations/" + id).expectProblem(409, "wrong_state");
        delegate(paymentsApprover, otherEditor).expect(201);
        await().until(() -> subjects(paymentsApprover).stream().anyMatch(s -> s.startsWith("Stand-in: ")));
    }

    @Test
    void withdrawn_proposal_cannot_be_accepted() {
        String id = propose(paymentsApprover, otherEditor).expect(201).at("/id");

        as(paymentsApprover).delete("/api/v1/me/delegations/" + id).expect(204);

        as(otherEditor).post(answer(id, "accept"), null).expectProblem(409, "wrong_state");
        await().until(() -> subjects(otherEditor).stream().anyMatch(s -> s.startsWith("Stand-in not needed:")));
    }

    @Test
    void submitter_takes_no_right_from_approvers_by_naming_them() {
        delegate(editor, webApprover).expect(201);
        delegate(editor, paymentsApprover).expect(201);
        delegate(editor, owner).expect(201);
        Approval request = request(editor, TeamScope.ANY, 2);

        assertThat(stuck(owner, request)).isFalse();
        as(given.superadmin())
                .post("/api/v1/approvals/" + request.id() + "/override", Map.of("reason", "nobody is left"))
                .expectProblem(409, "not_stuck");
        assertThat(as(webApprover)
                        .post(approve(request), Map.of())
                        .expect(200)
                        .json()
                        .at("/stages/0/decisions/0/on_behalf_of")
                        .isNull())
                .isTrue();
        as(paymentsApprover).post(approve(request), Map.of()).expect(200);
    }

    @Test
    void nobody_decides_their_own_request_through_a_stand_in() {
        delegate(webApprover, otherEditor).expect(201);
        Approval ofAbsent = request(webApprover, TeamScope.ANY, 1);
        Approval ofStandIn = request(otherEditor, TeamScope.ANY, 1);

        as(otherEditor).post(approve(ofAbsent), Map.of()).expectProblem(403, "self_approval");
        as(webApprover).post(approve(ofAbsent), Map.of()).expectProblem(403, "self_approval");
        as(otherEditor).post(approve(ofStandIn), Map.of()).expectProblem(403, "self_approval");
        as(webApprover).post(approve(ofStandIn), Map.of()).expect(200);
        as(paymentsApprover).post(approve(ofAbsent), Map.of()).expect(200);
    }

    @Test
    void whether_a_request_is_stuck_is_asked_without_delegations() {
        String lonelyOwner = given.person("owner");
        String small = given.project(lonelyOwner);
        String member = given.member(small, ProjectRole.EDITOR, "web");
        Approval ofMember = given.request(
                RouteRequests.TYPE, Scope.project(small), member, Policy.singleStage(Permission.ROUTE_APPROVE));
        Approval ofOwner = given.request(
                RouteRequests.TYPE, Scope.project(small), lonelyOwner, Policy.singleStage(Permission.ROUTE_APPROVE));

        delegate(lonelyOwner, member).expect(201);

        assertThat(stuck(lonelyOwner, ofMember)).isFalse();
        assertThat(stuck(lonelyOwner, ofOwner)).isTrue();
        as(lonelyOwner).post(approve(ofMember), Map.of()).expect(200);
    }

    @Test
    void same_person_is_asked_once_for_a_time_and_place() {
        String elsewhere = given.project(paymentsApprover);
        members.write(
                Scope.project(elsewhere), new UserId(otherEditor), ProjectRole.VIEWER, Optional.of(new TeamId("web")));
        String first = propose(paymentsApprover, otherEditor, Map.of("project", project))
                .expect(201)
                .at("/id");

        propose(paymentsApprover, otherEditor, Map.of("project", project)).expectProblem(409, "delegation_exists");
        propose(paymentsApprover, otherEditor).expectProblem(409, "delegation_exists");
        propose(paymentsApprover, otherEditor, Map.of("project", elsewhere)).expect(201);
        propose(
                        paymentsApprover,
                        otherEditor,
                        Map.of(
                                "project",
                                project,
                                "from",
                                Instant.now().plus(Duration.ofDays(8)),
                                "until",
                                Instant.now().plus(Duration.ofDays(9))))
                .expect(201);
        as(paymentsApprover).delete("/api/v1/me/delegations/" + first).expect(204);
        propose(paymentsApprover, otherEditor, Map.of("project", project)).expect(201);
    }

    @Test
    void of_two_proposals_at_the_same_instant_one_counts() {
        List<Integer> same = Stream.of(1, 2, 3, 4)
                .map(i -> CompletableFuture.supplyAsync(
                        () -> propose(paymentsApprover, otherEditor).status()))
                .toList()
                .stream()
                .map(CompletableFuture::join)
                .toList();
        List<Integer> mutual = Stream.of(List.of(owner, webApprover), List.of(webApprover, owner))
                .map(pair -> CompletableFuture.supplyAsync(
                        () -> propose(pair.get(0), pair.get(1)).status()))
                .toList()
                .stream()
                .map(CompletableFuture::join)
                .toList();

        assertThat(same).containsOnlyOnce(201).containsOnly(201, 409);
        assertThat(mutual).containsExactlyInAnyOrder(201, 409);
    }

    @Test
    void person_who_is_away_by_now_cannot_accept() {
        String third = given.member(project, ProjectRole.VIEWER, "web");
        String id = propose(paymentsApprover, otherEditor).expect(201).at("/id");
        delegate(otherEditor, third).expect(201);

        as(otherEditor).post(answer(id, "accept"), null).expectProblem(409, "delegation_chain");
    }

    @Test
    void person_who_left_cannot_accept() {
        String id = propose(paymentsApprover, otherEditor).expect(201).at("/id");
        as(owner)
                .delete("/api/v1/projects/" + project + "/members/" + otherEditor)
                .expect(204);

        as(otherEditor).post(answer(id, "accept"), null).expectProblem(409, "wrong_state");
    }

    @Test
    void nobody_asks_without_end() {
        Instant now = Instant.now();
        for (int i = 0; i < 20; i++) {
            propose(
                            paymentsApprover,
                            otherEditor,
                            Map.of(
                                    "from",
                                    now.plus(Duration.ofHours(2 * i + 1)),
                                    "until",
                                    now.plus(Duration.ofHours(2 * i + 2))))
                    .expect(201);
        }

        propose(paymentsApprover, webApprover).expectProblem(409, "too_many_proposals");
    }

    @Test
    void delegation_ends_in_due_course() {
        String id = delegate(paymentsApprover, otherEditor).expect(201).at("/id");
        Approval request = request(editor, TeamScope.OTHER_TEAM, 1);
        assertThat(waitsFor(otherEditor)).isOne();

        jdbc.sql("""
                        update delegations set starts_at = now() - interval '2 days', ends_at = now() - interval '1 second'
                        where id = ?::uuid""").param(id).update();

        as(otherEditor).post(approve(request), Map.of()).expectProblem(403, "missing_permission");
        assertThat(waitsFor(otherEditor)).isZero();
        assertThat(tasks(otherEditor, request)).isZero();
        assertThat(status(otherEditor)).isEqualTo("over");
    }

    @Test
    void delegation_for_another_project_holds_here_for_nothing() {
        String elsewhere = given.project(paymentsApprover);
        members.write(
                Scope.project(elsewhere), new UserId(otherEditor), ProjectRole.VIEWER, Optional.of(new TeamId("web")));
        delegate(paymentsApprover, otherEditor, Map.of("project", elsewhere)).expect(201);
        Approval here = request(editor, TeamScope.OTHER_TEAM, 1);
        Approval there = given.request(
                RouteRequests.TYPE, Scope.project(elsewhere), editor, Policy.singleStage(Permission.ROUTE_APPROVE));

        as(otherEditor).post(approve(here), Map.of()).expectProblem(403, "missing_permission");
        assertThat(tasks(otherEditor, here)).isZero();
        as(otherEditor).post(approve(there), Map.of()).expect(200);
    }

    @Test
    void decision_counts_for_both_where_several_people_are_asked() {
        delegate(paymentsApprover, otherEditor).expect(201);
        Approval request = request(editor, TeamScope.ANY, 2);
        as(otherEditor).post(approve(request), Map.of()).expect(200);

        as(paymentsApprover).post(approve(request), Map.of()).expectProblem(403, "same_approver");
        assertThat(as(webApprover).post(approve(request), Map.of()).expect(200).at("/status"))
                .isEqualTo("approved");
    }

    @Test
    void absent_person_takes_back_what_was_approved_in_their_place() {
        delegate(paymentsApprover, otherEditor).expect(201);
        Approval request = request(editor, TeamScope.ANY, 2);
        as(otherEditor).post(approve(request), Map.of()).expect(200);

        as(paymentsApprover)
                .post(stage(request) + "/take-back", Map.of("reason", "not in my name"))
                .expect(200);

        as(paymentsApprover).post(approve(request), Map.of()).expect(200);
    }

    @Test
    void stand_in_of_a_stand_in_decides_nothing() {
        String third = given.member(project, ProjectRole.VIEWER, "web");
        delegate(paymentsApprover, otherEditor).expect(201);
        delegate(otherEditor, third).expect(201);
        Approval request = request(editor, TeamScope.OTHER_TEAM, 1);

        as(third).post(approve(request), Map.of()).expectProblem(403, "missing_permission");
        delegate(webApprover, otherEditor).expectProblem(409, "delegation_chain");
    }

    @Test
    void delegation_holds_only_in_its_period_and_scope() {
        String elsewhere = given.project(paymentsApprover);
        delegate(paymentsApprover, otherEditor, Map.of("project", elsewhere)).expectProblem(422, "invalid_input");
        delegate(paymentsApprover, otherEditor, Map.of("from", Instant.now().plus(Duration.ofHours(1))))
                .expect(201);
        Approval request = request(editor, TeamScope.OTHER_TEAM, 1);

        as(otherEditor).post(approve(request), Map.of()).expectProblem(403, "missing_permission");
    }

    @Test
    void nobody_names_themselves_a_stranger_or_nobody() {
        delegate(paymentsApprover, paymentsApprover).expectProblem(422, "invalid_input");
        delegate(paymentsApprover, given.person("stranger")).expectProblem(422, "invalid_input");
        delegate(paymentsApprover, "nobody-at-all").expectProblem(422, "invalid_input");
        delegate(paymentsApprover, otherEditor, Map.of("until", Instant.now().minusSeconds(60)))
                .expectProblem(422, "invalid_input");
    }

    @Test
    void owner_sees_and_ends_what_holds_in_the_project_and_others_do_not() {
        String id = delegate(paymentsApprover, otherEditor, Map.of("project", project))
                .expect(201)
                .at("/id");

        assertThat(as(owner)
                        .get("/api/v1/projects/" + project + "/delegations")
                        .expect(200)
                        .at("/items/0/id"))
                .isEqualTo(id);
        as(editor).get("/api/v1/projects/" + project + "/delegations").expectProblem(403, "missing_permission");
        as(editor).delete("/api/v1/delegations/" + id).expectProblem(403, "missing_permission");
        as(given.person("stranger")).delete("/api/v1/delegations/" + id).expectProblem(404, "not_found");
        as(editor).get("/api/v1/delegations").expectProblem(403, "missing_permission");
        assertThat(as(given.superadmin()).get("/api/v1/delegations").expect(200).text())
                .contains(id);
        as(owner).delete("/api/v1/delegations/" + id).expect(204);
        assertThat(as(otherEditor).get("/api/v1/me/delegations").expect(200).at("/items/0/status"))
                .isEqualTo("over");
    }

    @Test
    void delegation_ends_when_either_of_the_two_leaves_the_only_scope_where_it_holds() {
        String ofScope = delegate(paymentsApprover, otherEditor, Map.of("project", project))
                .expect(201)
                .at("/id");
        String ofLeaver = delegate(webApprover, otherEditor).expect(201).at("/id");
        String members = "/api/v1/projects/" + project + "/members/";

        as(owner).delete(members + otherEditor).expect(204);
        as(owner)
                .put(members + otherEditor, Map.of("role", "editor", "team", "web"))
                .expect(200);

        assertThat(status(paymentsApprover, ofScope)).isEqualTo("over");
        assertThat(status(webApprover, ofLeaver)).isEqualTo("over");
        String again = delegate(webApprover, otherEditor).expect(201).at("/id");
        as(webApprover).delete(members + webApprover).expect(204);
        assertThat(status(otherEditor, again)).isEqualTo("over");
    }

    @Test
    void delegation_for_everywhere_goes_on_where_both_are_still_members() {
        String other = given.project(webApprover);
        members.write(
                Scope.project(other), new UserId(otherEditor), ProjectRole.EDITOR, Optional.of(new TeamId("web")));
        String id = delegate(webApprover, otherEditor).expect(201).at("/id");

        as(otherEditor)
                .delete("/api/v1/projects/" + project + "/members/" + otherEditor)
                .expect(204);

        assertThat(status(webApprover, id)).isEqualTo("active");
    }

    private static String status(String person, String delegation) {
        for (JsonNode item :
                as(person).get("/api/v1/me/delegations").expect(200).json().get("items")) {
            if (item.path("id").asText().equals(delegation)) {
                return item.path("status").asText();
            }
        }
        throw new AssertionError("No delegation " + delegation);
    }

    @Test
    void absent_person_is_told_of_each_decision_in_their_place() {
        delegate(paymentsApprover, otherEditor).expect(201);
        Approval request = request(editor, TeamScope.OTHER_TEAM, 1);
        as(otherEditor).post(approve(request), Map.of()).expect(200);

        await().until(() -> subjects(paymentsApprover).stream().anyMatch(s -> s.startsWith("Approved on your behalf")));
        await().until(() -> subjects(otherEditor).stream().anyMatch(s -> s.startsWith("Stand-in:")));
    }

    private static List<String> subjects(String user) {
        return java.util.Arrays.stream(MAIL.getReceivedMessagesForDomain(user + "@example.com"))
                .map(mail -> {
                    try {
                        return mail.getSubject();
                    } catch (jakarta.mail.MessagingException e) {
                        throw new AssertionError(e);
                    }
                })
                .toList();
    }

    private Client.Answer delegate(String absent, String standIn) {
        return delegate(absent, standIn, Map.of());
    }

    /** Names a stand-in, who accepts if they are asked. */
    private Client.Answer delegate(String absent, String standIn, Map<String, Object> more) {
        Client.Answer proposed = propose(absent, standIn, more);
        if (proposed.status() == 201) {
            as(standIn).post(answer(proposed.at("/id"), "accept"), null).expect(200);
        }
        return proposed;
    }

    private Client.Answer propose(String absent, String standIn) {
        return propose(absent, standIn, Map.of());
    }

    private Client.Answer propose(String absent, String standIn, Map<String, Object> more) {
        Map<String, Object> body = new HashMap<>();
        body.put("stand_in", standIn);
        body.put("until", Instant.now().plus(Duration.ofDays(7)).toString());
        more.forEach((name, value) -> body.put(name, value.toString()));
        return as(absent).post("/api/v1/me/delegations", body);
    }

    private static String answer(String delegation, String answer) {
        return "/api/v1/me/delegations/" + delegation + "/" + answer;
    }

    /** @return what the newest delegation is that names a person */
    private static String status(String user) {
        return as(user).get("/api/v1/me/delegations").expect(200).at("/items/0/status");
    }

    private Approval request(String submitter, TeamScope teamScope, int minApprovers) {
        return given.request(
                RouteRequests.TYPE,
                Scope.project(project),
                submitter,
                new Policy(List.of(new StagePolicy(1, Permission.ROUTE_APPROVE, teamScope, minApprovers)), false));
    }

    private int waitsFor(String user) {
        return as(user).get("/api/v1/approvals?decidable=true")
                .expect(200)
                .json()
                .get("items")
                .size();
    }

    private int tasks(String user, Approval request) {
        return as(user).get("/engine-rest/task?processInstanceBusinessKey=" + request.entityName())
                .expect(200)
                .json()
                .size();
    }

    private boolean stuck(String reader, Approval request) {
        return as(reader)
                .get("/api/v1/approvals/" + request.id())
                .expect(200)
                .json()
                .get("stuck")
                .asBoolean();
    }

    private static String stage(Approval request) {
        return "/api/v1/approvals/" + request.id() + "/stages/"
                + request.stage(1).id();
    }

    private static String approve(Approval request) {
        return stage(request) + "/approve";
    }
}
