package io.countersign.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.Client;
import io.countersign.Fixtures.Org;
import io.countersign.ServerTest;
import io.countersign.approval.Approval;
import io.countersign.approval.Policy;
import io.countersign.attack.Visitor;
import io.countersign.cluster.ClusterRequests;
import io.countersign.identity.Permission;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What is no change of ours leaves an entry too: signing in and out, exports, refusals, and the engine's own doors. */
class WholeTrailTest extends ServerTest {

    @Autowired
    private JdbcClient jdbc;

    @Test
    void session_leaves_an_entry_when_it_begins_and_when_it_is_signed_out() {
        String anna = given.person("anna");
        Visitor browser = new Visitor(server());

        browser.signIn(anna);
        browser.submit("/settings/profile", "/logout", Map.of()).expect(302);

        List<JsonNode> entries = entries("user", anna);
        assertThat(actions(entries)).containsExactly("sign_out", "sign_in");
        assertThat(entries).allSatisfy(entry -> {
            assertThat(entry.path("actor").asText()).isEqualTo(anna);
            assertThat(entry.path("actor_type").asText()).isEqualTo("person");
            assertThat(entry.path("origin").asText()).isEqualTo("console");
            assertThat(entry.path("ip_address").asText()).isEqualTo(browser.address());
        });
        assertThat(entries.get(1).at("/details/way").asText()).isEqualTo("password");
    }

    @Test
    void signing_out_of_the_web_applications_leaves_an_entry() {
        String anna = given.person("anna");
        Visitor browser = new Visitor(server());
        browser.signIn(anna);
        browser.get("/camunda/app/tasklist/default/").expect(200);

        browser.post(
                        "/camunda/api/admin/auth/user/default/logout",
                        Map.of(),
                        "X-XSRF-TOKEN",
                        browser.cookie("XSRF-TOKEN"))
                .expect(204);

        assertThat(actions(entries("user", anna))).containsExactly("sign_out", "sign_in");
    }

    @Test
    void token_leaves_an_entry_when_it_is_issued_and_when_it_is_withdrawn() {
        String anna = given.person("anna");
        String token = anonymous()
                .post("/api/v1/auth/login", Map.of("username", anna, "password", "demo"))
                .expect(200)
                .at("/token");
        withToken(token).post("/api/v1/auth/logout", null).expect(204);

        List<JsonNode> entries = entries("user", anna);

        assertThat(actions(entries)).containsExactly("revoke_token", "issue_token");
        assertThat(entries.get(1).path("actor").asText()).isEqualTo(anna);
        assertThat(entries.toString()).doesNotContain(token);
    }

    @Test
    void program_that_sends_a_password_with_each_request_is_noted_once_a_day() {
        String anna = given.person("anna");
        Visitor program = new Visitor(server());

        for (int request = 0; request < 3; request++) {
            program.get("/api/v1/auth/me", "Authorization", basic(anna, "demo")).expect(200);
        }

        List<JsonNode> entries = entries("user", anna);
        assertThat(actions(entries)).containsExactly("sign_in");
        assertThat(entries.get(0).at("/details/way").asText()).isEqualTo("each request");
    }

    @Test
    void orchestrator_that_shows_its_secret_is_noted_once_a_day() {
        Client.Answer orchestrator = as("superadmin")
                .post(
                        "/api/v1/orchestrators",
                        Map.of("name", given.unique("Edge"), "contact_email", "edge@example.com"))
                .expect(201);
        String client = orchestrator.at("/client_id");

        askForToken(client, orchestrator.at("/client_secret")).expect(200);
        askForToken(client, orchestrator.at("/client_secret")).expect(200);
        askForToken(client, "guess").expect(401);

        List<JsonNode> entries = entries("orchestrator_client", client);
        assertThat(actions(entries)).containsExactly("fail_sign_in", "sign_in");
        assertThat(entries.get(1).path("actor_type").asText()).isEqualTo("orchestrator");
        assertThat(entries.get(0).path("actor_type").asText()).isEqualTo("anonymous");
        assertThat(entries)
                .allSatisfy(entry -> assertThat(entry.path("origin").asText()).isEqualTo("api"));
    }

    @Test
    void failed_sign_ins_leave_one_entry_for_a_name_and_address_in_a_while() {
        String anna = given.person("anna");
        Visitor guesser = new Visitor(server());

        for (int guess = 0; guess < 3; guess++) {
            guesser.signIn(anna, "guess");
        }
        guesser.signIn(anna);
        guesser.signIn(anna, "guess");
        new Visitor(server()).signIn(anna, "guess");

        List<JsonNode> entries = entries("user", anna);
        assertThat(actions(entries)).containsExactly("fail_sign_in", "sign_in", "fail_sign_in");
        assertThat(entries.get(2).path("actor_type").asText()).isEqualTo("anonymous");
        assertThat(entries.get(2).path("actor").asText()).isEqualTo("anonymous");
        assertThat(entries.get(2).path("ip_address").asText()).isEqualTo(guesser.address());
    }

    @Test
    void names_that_nobody_has_leave_one_entry_for_an_address_and_are_not_kept() {
        Visitor guesser = new Visitor(server());

        guesser.signIn("a-password-typed-as-a-name", "guess");
        guesser.signIn("another-one", "guess");

        List<JsonNode> entries = as("superadmin").all("/api/v1/audit?action=fail_sign_in&entity_id=(unknown)").stream()
                .filter(entry -> entry.path("ip_address").asText().equals(guesser.address()))
                .toList();
        assertThat(entries).hasSize(1);
        assertThat(entries.toString()).doesNotContain("typed-as-a-name");
    }

    @Test
    void session_that_ends_without_its_persons_doing_leaves_an_entry() {
        String anna = given.person("anna");
        Visitor browser = new Visitor(server());
        browser.signIn(anna);
        jdbc.sql("update users set deactivated_at = now() where id = ?")
                .param(anna)
                .update();

        browser.get("/inbox").expect(302);

        assertThat(actions(entries("user", anna))).containsExactly("end_session", "sign_in");
        assertThat(entries("user", anna).get(0).path("actor_type").asText()).isEqualTo("system");
    }

    @Test
    void export_leaves_an_entry_that_says_of_what() {
        Org org = given.organization();
        String scope = "organization:" + org.id();

        as(org.owner())
                .get("/api/v1/audit/export?scope=" + scope + "&entity_type=cluster&format=csv")
                .expect(200);
        Visitor browser = new Visitor(server());
        browser.signIn(org.owner());
        browser.get("/audit/export?scope=" + scope).expect(200);

        List<JsonNode> entries = as(org.owner()).all("/api/v1/audit?action=export&scope=" + scope);
        assertThat(entries).hasSize(2);
        assertThat(entries.get(1).path("entity_name").asText()).isEqualTo("csv");
        assertThat(entries.get(1).at("/details/entity_type").asText()).isEqualTo("cluster");
        assertThat(entries.get(0).path("origin").asText()).isEqualTo("console");
    }

    @Test
    void refused_decision_leaves_one_entry_with_its_rule_however_often_it_is_tried() {
        Org org = given.organization();
        Approval request = request(org);
        String stage = "/api/v1/approvals/" + request.id() + "/stages/"
                + request.stage(1).id();

        as(org.admin()).post(stage + "/approve", Map.of()).expectProblem(403, "self_approval");
        as(org.admin()).post(stage + "/approve", Map.of()).expectProblem(403, "self_approval");
        as(org.viewer()).post(stage + "/reject", Map.of("comment", "no")).expectProblem(403, "missing_permission");
        as("superadmin")
                .post(
                        "/api/v1/approvals/" + request.id() + "/override",
                        Map.of("decision", "approve", "reason", "in a hurry"))
                .expectProblem(409, "not_stuck");

        List<JsonNode> entries = await().until(
                        () -> as(org.owner())
                                .all("/api/v1/audit?action=refuse_decision&entity_id=" + request.entityId()),
                        found -> found.size() == 3);
        assertThat(entries)
                .extracting(entry -> entry.path("actor").asText() + " "
                        + entry.at("/details/code").asText())
                .containsExactly(
                        "superadmin not_stuck", org.viewer() + " missing_permission", org.admin() + " self_approval");
        assertThat(entries.get(0).at("/details/approval_id").asText())
                .isEqualTo(request.id().toString());
        Visitor browser = new Visitor(server());
        browser.signIn(org.owner());
        assertThat(browser.get("/approvals/" + request.id()).expect(200).text())
                .contains("was refused a decision on stage 1");
    }

    @Test
    void refused_question_cancellation_and_taking_back_leave_an_entry_each() {
        Org org = given.organization();
        Approval request = request(org);
        String path = "/api/v1/approvals/" + request.id();
        String stage = path + "/stages/" + request.stage(1).id();

        as(org.viewer()).post(path + "/cancel", null).expectProblem(403, "missing_permission");
        as(org.viewer()).post(stage + "/ask", Map.of("question", "why?")).expectProblem(403, "missing_permission");
        as(org.owner()).post(stage + "/approve", Map.of()).expect(200);
        as(org.viewer()).post(stage + "/take-back", Map.of("reason", "no")).expectProblem(403, "not_your_decision");

        List<String> refused = await().until(
                        () -> actions(as(org.owner()).all("/api/v1/audit?entity_id=" + request.entityId())).stream()
                                .filter(action -> action.startsWith("refuse_"))
                                .toList(),
                        found -> found.size() == 3);
        assertThat(refused).containsExactly("refuse_take_back", "refuse_decision", "refuse_cancel");
    }

    @Test
    void decision_that_is_refused_over_engine_rest_leaves_an_entry() {
        Org org = given.organization();
        Approval request = request(org);
        String task = as(org.owner())
                .get("/engine-rest/task?processVariables=approvalId_eq_" + request.id())
                .at("/0/id");

        as("admin")
                .post(
                        "/engine-rest/task/" + task + "/complete",
                        Map.of("variables", Map.of("decision", Map.of("value", "approve"))))
                .expect(403);

        JsonNode entry = await().until(
                        () -> as(org.owner())
                                .get("/api/v1/audit?action=refuse_decision&entity_id=" + request.entityId())
                                .json()
                                .at("/items/0"),
                        found -> !found.isMissingNode());
        assertThat(entry.path("actor").asText()).isEqualTo("admin");
        assertThat(entry.path("origin").asText()).isEqualTo("engine-rest");
        assertThat(entry.at("/details/code").asText()).isEqualTo("missing_permission");
    }

    @Test
    void whatever_writes_through_the_engines_own_doors_leaves_an_entry_without_what_was_sent() {
        Org org = given.organization();
        Approval request = request(org);
        String process = as(org.owner())
                .get("/engine-rest/task?processVariables=approvalId_eq_" + request.id())
                .at("/0/processInstanceId");
        String path = "/process-instance/" + process + "/variables/note";

        as("admin")
                .put("/engine-rest" + path, Map.of("value", "a secret", "type", "String"))
                .expect(204);

        JsonNode entry = written("PUT " + path).orElseThrow();
        assertThat(entry.path("actor").asText()).isEqualTo("admin");
        assertThat(entry.path("origin").asText()).isEqualTo("engine-rest");
        assertThat(entry.path("scope").asText()).isEqualTo("platform:platform");
        assertThat(entry.at("/details/status").asInt()).isEqualTo(204);
        assertThat(entry.toString()).doesNotContain("a secret");
    }

    @Test
    void claim_in_tasklist_leaves_an_entry_and_what_asks_or_is_refused_leaves_none() {
        Org org = given.organization();
        Approval request = request(org);
        String task = as(org.owner())
                .get("/engine-rest/task?processVariables=approvalId_eq_" + request.id())
                .at("/0/id");

        as(org.owner())
                .post("/engine-rest/task/" + task + "/claim", Map.of("userId", org.admin()))
                .expect(403);
        assertThat(written("POST /task/" + task + "/claim")).isEmpty();
        Visitor browser = new Visitor(server());
        browser.signIn(org.owner());
        browser.get("/camunda/app/tasklist/default/").expect(200);
        browser.send(
                        "POST",
                        "/camunda/api/engine/engine/default/task/" + task + "/claim",
                        "application/json",
                        "{\"userId\":\"" + org.owner() + "\"}",
                        "X-XSRF-TOKEN",
                        browser.cookie("XSRF-TOKEN"))
                .expect(204);
        JsonNode entry = written("POST /task/" + task + "/claim").orElseThrow();
        assertThat(entry.path("actor").asText()).isEqualTo(org.owner());
        assertThat(entry.path("origin").asText()).isEqualTo("tasklist");

        int before = entries("engine", "/task").size();
        as(org.owner()).post("/engine-rest/task", Map.of()).expect(200);
        assertThat(entries("engine", "/task")).hasSize(before);
    }

    private Optional<JsonNode> written(String name) {
        return as("superadmin")
                .all("/api/v1/audit?entity_type=engine&entity_id=" + name.replaceFirst(".* ", ""))
                .stream()
                .filter(entry -> entry.path("entity_name").asText().equals(name))
                .findFirst();
    }

    private static List<JsonNode> entries(String type, String id) {
        return as("superadmin").all("/api/v1/audit?entity_type=" + type + "&entity_id=" + id);
    }

    private static List<String> actions(List<JsonNode> entries) {
        return entries.stream().map(entry -> entry.path("action").asText()).toList();
    }

    private Approval request(Org org) {
        return given.request(
                ClusterRequests.TYPE, org.scope(), org.admin(), Policy.singleStage(Permission.CLUSTER_APPROVE));
    }

    private static String basic(String person, String password) {
        return "Basic "
                + Base64.getEncoder().encodeToString((person + ":" + password).getBytes(StandardCharsets.UTF_8));
    }
}
