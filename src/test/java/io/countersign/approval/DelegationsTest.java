package io.countersign.approval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.countersign.Client;
import io.countersign.ServerTest;
import io.countersign.approval.Policy.StagePolicy;
import io.countersign.identity.Permission;
import io.countersign.identity.ProjectRole;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
    private Approvals approvals;

    @Autowired
    private JdbcClient jdbc;

    @Autowired
    private TransactionTemplate transaction;

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

        Map<UserId, Verdict> together = approvals.verdicts(request, request.stage(1), everybody);

        assertThat(together.keySet()).isEqualTo(everybody);
        assertThat(together)
                .allSatisfy((person, verdict) ->
                        assertThat(verdict).isEqualTo(approvals.verdict(request, request.stage(1), person)));
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
    void neither_decides_what_either_submitted() {
        delegate(webApprover, otherEditor).expect(201);
        Approval ofStandIn = request(otherEditor, TeamScope.ANY, 1);

        as(otherEditor).post(approve(ofStandIn), Map.of()).expectProblem(403, "self_approval");
        as(webApprover).post(approve(ofStandIn), Map.of()).expectProblem(403, "self_approval");
        as(paymentsApprover).post(approve(ofStandIn), Map.of()).expect(200);
    }

    @Test
    void request_that_only_the_absent_person_could_decide_is_stuck_if_the_stand_in_submitted_it() {
        String lonelyOwner = given.person("owner");
        String small = given.project(lonelyOwner);
        String member = given.member(small, ProjectRole.EDITOR, "web");
        Approval request = given.request(
                EntityType.ROUTE, Scope.project(small), member, Policy.singleStage(Permission.ROUTE_APPROVE));
        assertThat(stuck(lonelyOwner, request)).isFalse();

        delegate(lonelyOwner, member).expect(201);

        assertThat(stuck(lonelyOwner, request)).isTrue();
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
    void absent_person_is_told_of_each_decision_in_their_place() {
        delegate(paymentsApprover, otherEditor).expect(201);
        Approval request = request(editor, TeamScope.OTHER_TEAM, 1);
        as(otherEditor).post(approve(request), Map.of()).expect(200);

        await().until(() -> subjects(paymentsApprover).stream().anyMatch(s -> s.startsWith("Approved in your place")));
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

    private Client.Answer delegate(String absent, String standIn, Map<String, Object> more) {
        Map<String, Object> body = new HashMap<>();
        body.put("stand_in", standIn);
        body.put("until", Instant.now().plus(Duration.ofDays(7)).toString());
        more.forEach((name, value) -> body.put(name, value.toString()));
        return as(absent).post("/api/v1/me/delegations", body);
    }

    private Approval request(String submitter, TeamScope teamScope, int minApprovers) {
        return given.request(
                EntityType.ROUTE,
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
