package io.countersign.attack;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.Fixtures.Org;
import io.countersign.approval.Approval;
import io.countersign.approval.Policy;
import io.countersign.cluster.ClusterRequests;
import io.countersign.identity.OrganizationRole;
import io.countersign.identity.Permission;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a person may do to a task they may see is to claim it, give it back, decide and comment; and nothing more. */
class TasksAttackTest extends EngineTest {

    private static final Policy ONE_OWNER = Policy.singleStage(Permission.CLUSTER_APPROVE);

    private Org org;
    private String owner2;
    private Approval request;
    private String task;

    /** Guard: TaskRights (candidates may give back), OwnClaims. */
    @ParameterizedTest
    @EnumSource(Way.class)
    void person_claims_a_task_and_gives_it_back(Way way) {
        requested();

        claim(way, org.owner(), org.owner()).expect(204);
        assertThat(assignee()).isEqualTo(org.owner());
        post(way, org.owner(), path("/unclaim"), null).expect(204);
        assertThat(assignee()).isEqualTo("null");
    }

    /** Guard: OwnClaims. */
    @ParameterizedTest
    @EnumSource(Way.class)
    void nobody_claims_a_task_for_somebody_else(Way way) {
        requested();

        for (String other : List.of(owner2, org.viewer(), given.person("stranger"), "nobody-of-that-name")) {
            assertThat(claim(way, org.owner(), other).expect(403).text()).contains("not_yours");
        }

        assertThat(assignee()).isEqualTo("null");
    }

    /** Guard: OwnClaims; the engine's own answer to a second claim is made a 409 by RepeatOnConflict. */
    @ParameterizedTest
    @EnumSource(Way.class)
    void nobody_takes_a_task_from_somebody_who_claimed_it(Way way) {
        requested();
        claim(way, org.owner(), org.owner()).expect(204);

        claim(way, owner2, owner2).expect(409);
        claim(way, owner2, null).expect(403);
        post(way, owner2, path("/unclaim"), null).expect(403);

        assertThat(assignee()).isEqualTo(org.owner());
    }

    /** Guard: OwnClaims lets administrators take a claim away, and not give the task to anybody. */
    @Test
    void administrator_ends_a_claim_and_assigns_nobody() {
        requested();
        claim(Way.PROGRAM, org.owner(), org.owner()).expect(204);

        post(Way.PROGRAM, ADMINISTRATOR, path("/assignee"), Map.of("userId", owner2))
                .expect(403);
        post(Way.PROGRAM, ADMINISTRATOR, path("/delegate"), Map.of("userId", owner2))
                .expect(403);
        assertThat(assignee()).isEqualTo(org.owner());
        post(Way.PROGRAM, ADMINISTRATOR, path("/unclaim"), null).expect(204);

        assertThat(assignee()).isEqualTo("null");
    }

    /** Guard: ModelExpressions looks for beans before variables. */
    @ParameterizedTest
    @EnumSource(Way.class)
    void variable_with_the_name_of_a_bean_stands_for_no_bean(Way way) {
        requested();

        complete(way, org.owner(), "approve", "approval", "mine", "notifyRequester", "mine", "decideStage", "mine")
                .expect(204);

        assertThat(decidedBy()).isEqualTo(org.owner());
        assertThat(as(org.owner()).get("/api/v1/approvals/" + request.id()).at("/status"))
                .isEqualTo("approved");
    }

    /** A claim is a courtesy, not a lock: rules decide who decides. */
    @Test
    void claim_keeps_nobody_from_deciding() {
        requested();
        claim(Way.PROGRAM, org.owner(), org.owner()).expect(204);

        complete(Way.PROGRAM, owner2, "approve").expect(204);

        assertThat(decidedBy()).isEqualTo(owner2);
    }

    /** Guard: TaskRights gives nothing for a claim; HiddenTasks answers as if there were no task. */
    @ParameterizedTest
    @EnumSource(Way.class)
    void claim_gives_no_right_that_outlives_the_membership(Way way) {
        requested();
        claim(way, owner2, owner2).expect(204);
        given.member(org.id(), owner2, OrganizationRole.VIEWER);

        get(way, owner2, path("")).expect(404);
        get(way, owner2, path("/form-variables")).expect(404);
        complete(way, owner2, "approve").expect(404);
        assertThat(get(way, owner2, "/task?assignee=" + owner2).json()).isEmpty();

        assertThat(status()).isEqualTo("pending");
    }

    /** Guard: HiddenTasks, TaskComments. */
    @ParameterizedTest
    @EnumSource(Way.class)
    void comment_is_its_authors_and_stays_with_the_task(Way way) {
        requested();
        String elsewhere = processOfAnotherOrganization();

        post(
                        way,
                        org.owner(),
                        path("/comment/create"),
                        Map.of("message", "Why three nodes?", "userId", owner2, "processInstanceId", elsewhere))
                .expect(200);

        JsonNode comments = get(way, owner2, path("/comment")).expect(200).json();
        assertThat(comments).hasSize(1);
        assertThat(comments.at("/0/message").asText()).isEqualTo("Why three nodes?");
        assertThat(comments.at("/0/userId").asText()).isEqualTo(org.owner());
        assertThat(get(way, ADMINISTRATOR, "/process-instance/" + elsewhere + "/comment")
                        .expect(200)
                        .json())
                .isEmpty();
    }

    static Stream<Arguments> peopleWhoMayNotSeeTheTask() {
        return Stream.of("submitter", "developer", "viewer", "owner of another organization", "approver of a project")
                .flatMap(who -> Stream.of(Way.values()).map(way -> Arguments.of(who, way)));
    }

    /** Guard: HiddenTasks; without it the engine names the missing permission, and 500 tells from 403. */
    @ParameterizedTest
    @MethodSource("peopleWhoMayNotSeeTheTask")
    void task_of_others_answers_like_one_that_does_not_exist(String who, Way way) {
        requested();
        String person = switch (who) {
            case "submitter" -> org.admin();
            case "developer" -> org.developer();
            case "viewer" -> org.viewer();
            case "owner of another organization" -> given.organization().owner();
            default -> given.person("approver");
        };
        String missing = "00000000-0000-0000-0000-000000000000";

        for (String[] attempt : new String[][] {
            {"GET", ""},
            {"GET", "/form"},
            {"GET", "/deployed-form"},
            {"GET", "/form-variables"},
            {"GET", "/rendered-form"},
            {"GET", "/identity-links"},
            {"GET", "/comment"},
            {"GET", "/attachment"},
            {"POST", "/comment/create"},
            {"POST", "/claim"},
            {"POST", "/unclaim"},
            {"POST", "/complete"},
            {"POST", "/submit-form"}
        }) {
            Object body = attempt[0].equals("GET") ? null : Map.of("userId", person, "message", "hello");
            Answer theirs = call(way, person, attempt[0], path(attempt[1]), body);
            Answer nothing = call(way, person, attempt[0], "/task/" + missing + attempt[1], body);
            assertThat(theirs.status()).as("%s %s", attempt[0], attempt[1]).isEqualTo(404);
            assertThat(theirs.text().replace(task, missing)).isEqualTo(nothing.text());
            assertThat(theirs.status()).isEqualTo(nothing.status());
        }
        assertThat(get(way, person, "/task?taskId=" + task).json()).isEmpty();
        assertThat(get(way, person, "/task/count").json().at("/count").asInt()).isZero();
        assertThat(status()).isEqualTo("pending");
    }

    /** Guard: ApprovalRules, by the listener of the task. */
    @ParameterizedTest
    @EnumSource(Way.class)
    void submitter_who_sees_the_task_does_not_decide_it(Way way) {
        org = given.organization();
        owner2 = secondOwner();
        request = given.request(ClusterRequests.TYPE, org.scope(), org.owner(), ONE_OWNER);
        task = onlyTask(owner2);

        Answer refused = complete(way, org.owner(), "approve").expect(403);

        assertThat(refused.text()).contains("self_approval").doesNotContain("Exception while");
        assertThat(status()).isEqualTo("pending");
    }

    /** Guard: ApprovalRules, by the listener of the task; the engine lets administrators complete anything. */
    @ParameterizedTest
    @CsvSource({
        "complete, PROGRAM",
        "submit-form, PROGRAM",
        "complete, BROWSER",
        "submit-form, BROWSER",
    })
    void administrator_decides_nothing(String action, Way way) {
        requested();

        Answer refused = post(way, ADMINISTRATOR, path("/" + action), variables("decision", "approve"))
                .expect(403);

        assertThat(refused.text()).contains("missing_permission");
        assertThat(status()).isEqualTo("pending");
    }

    /** Guard: the processes branch on what is recorded; the listener refuses an end without a decision. */
    @ParameterizedTest
    @CsvSource({
        "POST, /bpmnError, errorCode",
        "POST, /bpmnEscalation, escalationCode",
        "POST, /resolve, x",
        "DELETE, '', x",
    })
    void administrator_ends_no_task_in_another_way(String method, String action, String field) {
        requested();

        Answer answer = call(Way.PROGRAM, ADMINISTRATOR, method, path(action), Map.of(field, "approved"));

        assertThat(answer.status()).isNotEqualTo(403);
        assertThat(status()).isEqualTo("pending");
        complete(Way.PROGRAM, org.owner(), "reject", "comment", "no").expect(204);
        assertThat(status()).isEqualTo("rejected");
    }

    /** Guard: SentVariables, which takes nothing that lay in the process before. */
    @Test
    void decision_that_an_administrator_laid_ready_is_nobodys() {
        requested();
        for (String variable : List.of("decision", "comment")) {
            call(
                            Way.PROGRAM,
                            ADMINISTRATOR,
                            "PUT",
                            "/process-instance/" + process() + "/variables/" + variable,
                            Map.of("value", "approve", "type", "String"))
                    .expect(204);
        }

        complete(Way.PROGRAM, org.owner(), null).expect(400);
        assertThat(status()).isEqualTo("pending");
        complete(Way.PROGRAM, org.owner(), "approve").expect(204);

        assertThat(stage().at("/comment").isNull()).isTrue();
    }

    /** Guard: DecisionForm.requireUntouched. */
    @ParameterizedTest
    @EnumSource(Way.class)
    void nobody_decides_about_something_else_than_the_process_shows(Way way) {
        requested();
        call(
                        way,
                        ADMINISTRATOR,
                        "PUT",
                        "/process-instance/" + process() + "/variables/payload",
                        Map.of("value", "something harmless", "type", "String"))
                .expect(204);

        assertThat(complete(way, org.owner(), "approve").expect(409).text()).contains("content_changed");

        assertThat(status()).isEqualTo("pending");
    }

    /** Guard: DecisionForm.requireUntouched. */
    @ParameterizedTest
    @CsvSource({"request, PROGRAM", "requestedBy, PROGRAM", "payload, BROWSER", "changes, BROWSER"})
    void nobody_decides_about_something_else_than_the_task_shows(String field, Way way) {
        requested();
        call(
                        way,
                        ADMINISTRATOR,
                        "PUT",
                        path("/localVariables/" + field),
                        Map.of("value", "something harmless", "type", "String"))
                .expect(204);

        Answer refused = complete(way, org.owner(), "approve").expect(409);

        assertThat(refused.text()).contains("content_changed");
        assertThat(status()).isEqualTo("pending");
        // Who decides in the console or over REST is shown the record itself.
        approveOverRest(org.owner());
        assertThat(status()).isEqualTo("approved");
    }

    /** Guard: DecisionForm.requireAllShown: a long field comes before what matters in the alphabet. */
    @ParameterizedTest
    @EnumSource(Way.class)
    void request_that_the_form_cannot_show_in_full_is_not_decided_there(Way way) {
        requested(Map.of("a_header", "x".repeat(4000), "path", "/admin"));
        Answer shown = get(way, org.owner(), path("/form-variables")).expect(200);
        assertThat(shown.json().at("/payload/value").asText())
                .contains("Too long for this form")
                .doesNotContain("xxx");
        assertThat(shown.json().at("/page/value").asText()).endsWith("/approvals/" + request.id());

        Answer refused = complete(way, org.owner(), "approve").expect(409);

        assertThat(refused.text()).contains("content_not_shown").contains("/approvals/" + request.id());
        assertThat(complete(way, org.owner(), "reject", "comment", "no").status())
                .isEqualTo(409);
        assertThat(status()).isEqualTo("pending");
        complete(way, org.owner(), "approve", "contentHash", request.contentHash())
                .expect(204);
        assertThat(status()).isEqualTo("approved");
    }

    /** Guard: DecisionForm.requireAllShown looks at what others said before, too. */
    @Test
    void decision_whose_form_cannot_show_what_others_said_is_not_taken_there() {
        requested();
        for (int i = 0; i < 3; i++) {
            complete(Way.PROGRAM, owner2, "ask", "comment", "?".repeat(1500)).expect(204);
            as(org.admin())
                    .post("/api/v1/approvals/" + request.id() + "/answer", Map.of("answer", "so it is"))
                    .expect(200);
            task = onlyTask(org.owner());
        }

        assertThat(complete(Way.BROWSER, org.owner(), "approve").expect(409).text())
                .contains("content_not_shown");

        assertThat(status()).isEqualTo("pending");
    }

    /** Guard: DecisionRecorder.decide and DecideStage.seenHash: what is there and is no hash is not taken for none. */
    @ParameterizedTest
    @EnumSource(Way.class)
    void empty_content_hash_is_not_taken_for_none(Way way) {
        requested();

        for (String blank : List.of("", "  ")) {
            assertThat(complete(way, org.owner(), "approve", "contentHash", blank)
                            .expect(400)
                            .text())
                    .contains("content_hash");
        }
        Map<String, Object> number = new HashMap<>();
        number.put("decision", Map.of("value", "approve", "type", "String"));
        number.put("contentHash", Map.of("value", 0, "type", "Integer"));
        post(way, org.owner(), path("/complete"), Map.of("variables", number)).expect(400);

        assertThat(status()).isEqualTo("pending");
    }

    /** Guard: DecideStage.seenHash; the submitter cannot leave it there for others by answering a question. */
    @ParameterizedTest
    @EnumSource(Way.class)
    void content_hash_by_the_name_that_it_has_in_rest_is_not_overlooked(Way way) {
        requested();

        assertThat(complete(way, org.owner(), "approve", "content_hash", "x")
                        .expect(400)
                        .text())
                .contains("content_hash must be named contentHash here");

        assertThat(status()).isEqualTo("pending");
        complete(way, org.owner(), "ask", "comment", "why?").expect(204);
        post(
                        way,
                        org.admin(),
                        "/task/" + onlyTask(org.admin()) + "/complete",
                        variables("answer", "so", "content_hash", "x"))
                .expect(204);
        task = onlyTask(org.owner());
        complete(way, org.owner(), "approve").expect(204);
    }

    /** Guard: QueryBounds for what cannot be read, DecisionForm.text for what is no text. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/complete | {\"variables\":{\"decision\":null}} | 422 | variables.decision must not be missing",
                "/submit-form | {\"variables\":{\"decision\":null}} | 422 | variables.decision must not be missing",
                "/complete | {\"variables\":{\"decision\":{\"value\":\"approve\"},\"comment\":{\"value\":\"a\\u0000\"}}}"
                        + " | 422 | variables.comment.value must not contain NUL",
                "/complete | {\"variables\":{\"decision\":{\"value\":\"approve\"},\"comment\":{\"value\":\"\\ud83d\"}}}"
                        + " | 422 | variables.comment.value must not contain half a character",
                "/complete | {\"variables\":{\"decision\":{\"value\":\"approve\"},\"comment\":{\"value\":5}}}"
                        + " | 400 | comment must be a string",
                "/complete | {\"variables\":{\"decision\":{\"value\":\"approve\"}},\"variables\":{}}"
                        + " | 422 | body must be one JSON value",
                "/comment/create | {\"message\":\"\\ud83d\"} | 422 | message must not contain half a character",
                "/comment/create | {\"message\":\"\\u0000\"} | 422 | message must not contain NUL",
            })
    void what_cannot_be_read_decides_nothing_and_is_told(String action, String body, int status, String rule) {
        requested();

        for (Way way : Way.values()) {
            assertThat(post(way, org.owner(), path(action), body).expect(status).text())
                    .contains(rule);
        }

        assertThat(status()).isEqualTo("pending");
    }

    /** Guard: DecisionForm.requireUntouched: the record knows which task it waits for. */
    @Test
    void decision_about_one_request_does_not_become_one_about_another() {
        requested();
        Approval other = given.request(ClusterRequests.TYPE, org.scope(), org.admin(), ONE_OWNER);
        call(
                        Way.PROGRAM,
                        ADMINISTRATOR,
                        "PUT",
                        "/process-instance/" + process() + "/variables/approvalId",
                        Map.of("value", other.id().toString(), "type", "String"))
                .expect(204);

        complete(Way.PROGRAM, org.owner(), "approve").expect(409);

        assertThat(status()).isEqualTo("pending");
        assertThat(as(org.owner()).get("/api/v1/approvals/" + other.id()).at("/status"))
                .isEqualTo("pending");
    }

    /** Guard: the listener reads the decision and the comment, and processes read the record. */
    @Test
    void variables_that_a_person_adds_change_nothing() {
        requested();
        Map<String, Object> smuggled = new HashMap<>();
        Stream.of("approved", "decidedBy", "userId", "assignee", "stageDecided", "loopCounter", "nrOfInstances")
                .forEach(name -> smuggled.put(name, Map.of("value", "7", "type", "String")));
        smuggled.put("decision", Map.of("value", "reject"));
        smuggled.put("comment", Map.of("value", "no"));

        post(Way.PROGRAM, org.owner(), path("/complete"), Map.of("variables", smuggled, "userId", owner2));

        assertThat(status()).isIn("rejected", "pending");
        if (status().equals("rejected")) {
            assertThat(decidedBy()).isEqualTo(org.owner());
        }
    }

    /** Guard: the task is gone with its completion; HiddenTasks answers the second. */
    @ParameterizedTest
    @EnumSource(Way.class)
    void nobody_decides_twice(Way way) {
        requested();
        complete(way, org.owner(), "approve").expect(204);

        complete(way, org.owner(), "reject", "comment", "no").expect(404);
        complete(way, owner2, "reject", "comment", "no").expect(404);

        assertThat(status()).isEqualTo("approved");
        assertThat(decisions()).hasSize(1);
    }

    /** Guard: the lock on the approval's row, and RepeatOnConflict for the answer. */
    @RepeatedTest(5)
    void of_many_decisions_at_the_same_instant_one_counts() throws Exception {
        requested();
        List<Callable<Answer>> attempts = new ArrayList<>();
        for (String person : List.of(org.owner(), owner2)) {
            for (Way way : Way.values()) {
                get(way, person, path("")).expect(200);
                attempts.add(() -> complete(way, person, "approve"));
                attempts.add(() -> complete(way, person, "reject", "comment", "no"));
            }
        }

        List<Answer> answers = atOnce(attempts);

        assertThat(answers).filteredOn(answer -> answer.status() == 204).hasSize(1);
        assertThat(answers)
                .filteredOn(answer -> answer.status() != 204)
                .allSatisfy(
                        answer -> assertThat(answer.status()).as(answer.text()).isIn(403, 404, 409));
        assertThat(decisions()).hasSize(1);
        assertThat(status()).isIn("approved", "rejected");
    }

    /** Guard: ModelExpressions; the engine's own check overlooks {@code orQueries}, which needed no right at all. */
    @ParameterizedTest
    @CsvSource({
        "POST, /task, assigneeExpression",
        "POST, /task, candidateUserExpression",
        "POST, /task, dueBeforeExpression",
        "POST, /task/count, ownerExpression",
        "POST, /filter/{filter}/list, assigneeExpression",
        "POST, /filter/{filter}/count, followUpAfterExpression",
        "POST, /filter/{filter}/singleResult, assigneeLikeExpression",
        "GET, /task, assigneeExpression",
        "GET, /task/count, candidateGroupExpression",
    })
    void no_query_runs_an_expression(String method, String path, String parameter) {
        requested();
        String filter =
                get(Way.PROGRAM, org.owner(), "/filter").json().at("/0/id").asText();
        String endpoint = path.replace("{filter}", filter);
        String expression = "${1+1}";

        for (Way way : Way.values()) {
            if (method.equals("GET")) {
                get(way, org.owner(), endpoint + "?" + parameter + "=%24%7B1%2B1%7D")
                        .expect(400);
            } else {
                post(way, org.owner(), endpoint, Map.of(parameter, expression)).expect(400);
                Answer nested =
                        post(way, org.owner(), endpoint, Map.of("orQueries", List.of(Map.of(parameter, expression))));
                assertThat(nested.status()).as(nested.text()).isIn(400, 403);
            }
        }
    }

    /** Guard: QueryBounds. */
    @ParameterizedTest
    @EnumSource
    void query_that_the_database_would_plan_for_minutes_is_refused(Way way) {
        requested();
        List<Map<String, Object>> many =
                Collections.nCopies(31, Map.of("name", "approvalId", "operator", "eq", "value", "x"));
        List<Map<String, Object>> few = many.subList(0, 15);
        Map<String, Object> order = Map.of(
                "sortBy",
                "processVariable",
                "sortOrder",
                "asc",
                "parameters",
                Map.of("variable", "x", "type", "String"));

        for (Map<String, Object> query : List.of(
                Map.<String, Object>of("processVariables", many),
                Map.<String, Object>of("taskVariables", few, "processVariables", few, "sorting", List.of(order)),
                Map.<String, Object>of(
                        "orQueries", List.of(Map.of("processVariables", few), Map.of("taskVariables", few))),
                Map.<String, Object>of("sorting", Collections.nCopies(31, order)))) {
            for (String path : List.of("/task", "/task/count")) {
                Answer refused = post(way, org.owner(), path, query).expect(422);
                assertThat(refused.json().at("/code").asText()).isEqualTo("invalid_input");
                assertThat(refused.json().at("/errors/0/message").asText()).contains("at most 30");
            }
        }
        String inAddress = String.join(",", Collections.nCopies(31, "approvalId_eq_x"));
        get(way, org.owner(), "/task?processVariables=" + inAddress).expect(422);
        post(way, ADMINISTRATOR, "/history/process-instance", Map.of("variables", many))
                .expect(422);
        post(
                        way,
                        ADMINISTRATOR,
                        "/filter/create",
                        Map.of("resourceType", "Task", "name", "x", "query", Map.of("processVariables", many)))
                .expect(422);
        post(way, org.owner(), "/task", Map.of("processInstanceIdIn", Collections.nCopies(2_000, "a".repeat(40))))
                .expect(422);

        post(way, org.owner(), "/task", Map.of("processVariables", few, "taskVariables", few))
                .expect(200);
    }

    /** Guard: QueryBounds; the engine takes the last of two fields of one name, our parser none. */
    @ParameterizedTest
    @EnumSource
    void query_that_cannot_be_read_is_not_taken_for_a_small_one(Way way) {
        requested();
        String variable = "{\"name\":\"approvalId\",\"operator\":\"eq\",\"value\":\"x\"}";
        String many = String.join(",", Collections.nCopies(31, variable));

        for (String query : List.of(
                "{\"nameLike\":\"a\",\"nameLike\":\"a\",\"processVariables\":[" + many + "]}",
                "{\"processVariables\":[" + many + "]} {}",
                "{\"nameLike\":\"a\"",
                "{\"sorting\":[null]}",
                "{\"orQueries\":[null]}",
                "{\"processVariables\":[null]}",
                "{\"processVariables\":[{\"name\":null,\"operator\":\"eq\",\"value\":\"x\"}]}",
                "{\"orQueries\":[{\"taskVariables\":[{\"operator\":\"eq\",\"value\":\"x\"}]}]}",
                "{\"nameLike\":\"\\u0000\"}")) {
            for (String path : List.of("/task", "/task/count")) {
                Answer refused = post(way, org.owner(), path, query).expect(422);
                assertThat(refused.json().at("/code").asText()).isEqualTo("invalid_input");
            }
        }
    }

    /** Guard: QueryBounds. */
    @ParameterizedTest
    @EnumSource
    void bound_of_a_query_counts_over_all_its_parameters(Way way) {
        requested();
        String few = String.join(",", Collections.nCopies(16, "approvalId_eq_x"));

        Answer refused = get(way, org.owner(), "/task?processVariables=" + few + "&taskVariables=" + few)
                .expect(422);

        assertThat(refused.json().at("/errors/0/message").asText()).contains("at most 30");
        get(way, org.owner(), "/task?processVariables=" + few).expect(200);
    }

    /** Guard: DatabaseAnswers; the engine's own answer is 500. */
    @ParameterizedTest
    @EnumSource
    void time_that_the_database_does_not_know_is_the_callers_mistake(Way way) {
        requested();

        assertThat(post(way, org.owner(), "/task", Map.of("createdAfter", "999999999-01-01T00:00:00.000+0000"))
                        .expect(400)
                        .text())
                .contains("invalid_input");
    }

    /** Guard: ModelExpressions; an administrator may save filters, but they run nothing. */
    @Test
    void filter_that_an_administrator_saves_runs_no_expression() {
        Map<String, Object> filter = Map.of(
                "resourceType",
                "Task",
                "name",
                given.unique("filter"),
                "query",
                Map.of("assigneeExpression", "${''.getClass().forName('java.lang.Runtime').getName()}"));
        String id = post(Way.PROGRAM, ADMINISTRATOR, "/filter/create", filter)
                .expect(200)
                .json()
                .at("/id")
                .asText();

        get(Way.PROGRAM, ADMINISTRATOR, "/filter/" + id + "/list").expect(403);
        get(Way.PROGRAM, ADMINISTRATOR, "/filter/" + id + "/count").expect(403);

        call(Way.PROGRAM, ADMINISTRATOR, "DELETE", "/filter/" + id, null).expect(204);
    }

    private void requested() {
        requested(Map.of("size", 3));
    }

    private void requested(Map<String, ?> content) {
        org = given.organization();
        owner2 = secondOwner();
        request = given.request(ClusterRequests.TYPE, org.scope(), org.admin(), ONE_OWNER, content);
        task = onlyTask(org.owner());
    }

    private String secondOwner() {
        String person = given.person("owner2");
        given.member(org.id(), person, OrganizationRole.OWNER);
        return person;
    }

    private String processOfAnotherOrganization() {
        Org other = given.organization();
        given.request(ClusterRequests.TYPE, other.scope(), other.admin(), ONE_OWNER);
        return get(Way.PROGRAM, ADMINISTRATOR, "/task/" + onlyTask(other.owner()))
                .json()
                .at("/processInstanceId")
                .asText();
    }

    private String process() {
        return get(Way.PROGRAM, ADMINISTRATOR, path(""))
                .json()
                .at("/processInstanceId")
                .asText();
    }

    private String path(String action) {
        return "/task/" + task + action;
    }

    private Answer claim(Way way, String person, String forWhom) {
        Map<String, String> body = new HashMap<>();
        body.put("userId", forWhom);
        return post(way, person, path("/claim"), body);
    }

    private Answer complete(Way way, String person, String decision, String... further) {
        List<String> sent = new ArrayList<>(List.of(further));
        if (decision != null) {
            sent.add("decision");
            sent.add(decision);
        }
        return post(way, person, path("/complete"), variables(sent.toArray(String[]::new)));
    }

    private void approveOverRest(String person) {
        as(person)
                .post(
                        "/api/v1/approvals/" + request.id() + "/stages/"
                                + stage().at("/id").asText() + "/approve",
                        Map.of("comment", "fine"))
                .expect(200);
    }

    private String assignee() {
        return get(Way.PROGRAM, ADMINISTRATOR, path(""))
                .expect(200)
                .json()
                .at("/assignee")
                .asText();
    }

    private String status() {
        return approval().at("/status").asText();
    }

    private JsonNode approval() {
        return as(org.owner())
                .get("/api/v1/approvals/" + request.id())
                .expect(200)
                .json();
    }

    private JsonNode stage() {
        return approval().at("/stages/0");
    }

    private JsonNode decisions() {
        return stage().at("/decisions");
    }

    private String decidedBy() {
        return stage().at("/decided_by").asText();
    }

    private static <T> List<T> atOnce(List<Callable<T>> attempts) throws Exception {
        CountDownLatch start = new CountDownLatch(1);
        ExecutorService threads = Executors.newFixedThreadPool(attempts.size());
        try {
            List<Future<T>> running = attempts.stream()
                    .map(attempt -> threads.submit(() -> {
                        start.await();
                        return attempt.call();
                    }))
                    .toList();
            start.countDown();
            List<T> answers = new ArrayList<>();
            for (Future<T> attempt : running) {
                answers.add(attempt.get());
            }
            return answers;
        } finally {
            threads.shutdown();
        }
    }
}
