package io.countersign.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.ServerTest;
import io.countersign.attack.Visitor;
import io.countersign.gateway.Gateway.Submitted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.camunda.bpm.engine.RuntimeService;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

class RoutesResourceTest extends ServerTest {

    private Gateway gateway;

    @Autowired
    private JdbcClient jdbc;

    @Autowired
    private RuntimeService runtime;

    @BeforeEach
    void project() {
        gateway = Gateway.of(ServerTest::as, given);
    }

    @Test
    void route_goes_from_request_over_approval_and_deployment_to_active() throws IOException {
        Submitted request = gateway.submitRoute(gateway.editor, "cart");
        assertThat(gateway.routeStatus(request.id())).isEqualTo("pending_create");
        gateway.approve(gateway.approver, request);
        assertThat(gateway.routeStatus(request.id())).isEqualTo("approved");
        assertThat(file("httproute-shop.cart.yaml")).doesNotExist();
        assertThat(gateway.post(gateway.editor, "/routes/" + request.id() + "/deploy", null)
                        .expect(202)
                        .at("/status"))
                .isEqualTo("pending_deploy");
        gateway.awaitRoute(request.id(), "active");

        assertThat(Files.readString(file("httproute-shop.cart.yaml")))
                .contains(request.approval(), gateway.project, "countersign.io/route: \"cart\"");
        assertThat(file("securitypolicy-shop.cart.yaml")).exists();
    }

    @Test
    void rejected_creation_is_final_and_the_name_free_again() {
        Submitted request = gateway.submitRoute(gateway.editor, "cart");

        gateway.reject(gateway.approver, request);

        assertThat(gateway.routeStatus(request.id())).isEqualTo("rejected");
        gateway.put(gateway.editor, "/routes/" + request.id(), Gateway.route("cart"))
                .expectProblem(409, "wrong_state");
        gateway.delete(gateway.editor, "/routes/" + request.id()).expectProblem(409, "wrong_state");
        gateway.post(gateway.editor, "/routes/" + request.id() + "/deploy", null)
                .expectProblem(409, "wrong_state");
        gateway.submitRoute(gateway.editor, "cart");
    }

    @Test
    void name_is_taken_once_in_a_domain() {
        gateway.submitRoute(gateway.editor, "cart");

        gateway.post(gateway.editor, "/domains/shop/routes", Gateway.route("cart"))
                .expectProblem(409, "route_exists");
    }

    @Test
    void update_is_shown_field_by_field_and_deployed_as_approved() throws IOException {
        String route = gateway.activeRoute("cart");
        Map<String, Object> changed = change("cart", Map.of("path", "/basket", "timeout_seconds", 20));

        Submitted request = Gateway.submitted(gateway.put(gateway.editor, "/routes/" + route, changed));

        assertThat(gateway.routeStatus(route)).isEqualTo("pending_update");
        JsonNode diff = as(gateway.approver)
                .get("/api/v1/approvals/" + request.approval() + "/diff")
                .json();
        assertThat(diff.get("changes")).hasSize(2);
        assertThat(diff.at("/changes/0/field").asText()).isEqualTo("path");
        assertThat(diff.at("/changes/0/current").asText()).isEqualTo("/cart");
        assertThat(diff.at("/changes/0/proposed").asText()).isEqualTo("/basket");
        assertThat(diff.at("/changes/1/field").asText()).isEqualTo("timeout_seconds");
        assertThat(gateway.get(gateway.viewer, "/routes/" + route).at("/path")).isEqualTo("/cart");
        assertThat(gateway.get(gateway.viewer, "/routes/" + route).at("/proposed/path"))
                .isEqualTo("/basket");

        gateway.approve(gateway.approver, request);
        assertThat(Files.readString(file("httproute-shop.cart.yaml"))).contains("/cart");
        gateway.deploy(gateway.editor, route);
        gateway.awaitRoute(route, "active");
        assertThat(gateway.get(gateway.viewer, "/routes/" + route).at("/path")).isEqualTo("/basket");
        assertThat(Files.readString(file("httproute-shop.cart.yaml"))).contains("/basket", "20s");
    }

    @ParameterizedTest
    @CsvSource({
        "update, reject, pending, pending_update",
        "update, cancel, pending, pending_update",
        "update, cancel, approved, approved",
        "delete, reject, pending, pending_delete",
        "delete, cancel, pending, pending_delete",
        "delete, cancel, approved, approved"
    })
    void refused_change_returns_the_route_to_what_it_was(String action, String end, String when, String meanwhile) {
        String route = gateway.activeRoute("cart");
        Submitted request = Gateway.submitted(
                action.equals("update")
                        ? gateway.put(gateway.editor, "/routes/" + route, change("cart", Map.of("path", "/other")))
                        : gateway.delete(gateway.editor, "/routes/" + route));
        if (when.equals("approved")) {
            gateway.approve(gateway.approver, request);
        }
        assertThat(gateway.routeStatus(route)).isEqualTo(meanwhile);

        if (end.equals("reject")) {
            gateway.reject(gateway.approver, request);
        } else {
            gateway.cancel(gateway.editor, request).expect(200);
        }

        assertThat(gateway.routeStatus(route)).isEqualTo("active");
        assertThat(gateway.get(gateway.viewer, "/routes/" + route).at("/path")).isEqualTo("/cart");
        assertThat(instances(request)).isZero();
        // Nothing is left that would stand in the way of the next request.
        gateway.delete(gateway.editor, "/routes/" + route).expect(202);
    }

    @Test
    void cancelled_creation_is_rejected_even_after_its_approval() {
        Submitted pending = gateway.submitRoute(gateway.editor, "one");
        Submitted approved = gateway.submitRoute(gateway.editor, "two");
        gateway.approve(gateway.approver, approved);

        gateway.cancel(gateway.editor, pending).expect(200);
        gateway.cancel(gateway.viewer, approved).expectProblem(403, "missing_permission");
        gateway.cancel(gateway.admin, approved).expect(200);

        assertThat(gateway.routeStatus(pending.id())).isEqualTo("rejected");
        assertThat(gateway.routeStatus(approved.id())).isEqualTo("rejected");
        assertThat(instances(pending)).isZero();
        assertThat(instances(approved)).isZero();
        gateway.post(gateway.editor, "/routes/" + approved.id() + "/deploy", null)
                .expectProblem(409, "wrong_state");
    }

    @Test
    void deployed_request_is_no_longer_cancelled() {
        Submitted request = gateway.submitRoute(gateway.editor, "cart");
        gateway.approve(gateway.approver, request);
        gateway.deploy(gateway.editor, request.id());
        gateway.awaitRoute(request.id(), "active");

        gateway.cancel(gateway.editor, request).expectProblem(409, "wrong_state");
    }

    @Test
    void route_has_one_open_request_at_most() {
        Submitted creation = gateway.submitRoute(gateway.editor, "cart");
        gateway.put(gateway.editor, "/routes/" + creation.id(), Gateway.route("cart"))
                .expectProblem(409, "request_pending");
        gateway.approve(gateway.approver, creation);
        gateway.delete(gateway.editor, "/routes/" + creation.id()).expectProblem(409, "request_pending");
        gateway.deploy(gateway.editor, creation.id());
        gateway.awaitRoute(creation.id(), "active");

        gateway.put(gateway.editor, "/routes/" + creation.id(), change("cart", Map.of("path", "/a")))
                .expect(202);
        gateway.put(gateway.admin, "/routes/" + creation.id(), change("cart", Map.of("path", "/b")))
                .expectProblem(409, "request_pending");
        gateway.delete(gateway.admin, "/routes/" + creation.id()).expectProblem(409, "request_pending");
        gateway.post(gateway.editor, "/routes/" + creation.id() + "/deploy", null)
                .expectProblem(409, "wrong_state");
    }

    @Test
    void approved_deletion_is_deployed_and_the_route_gone() {
        String route = gateway.activeRoute("cart");
        Submitted request = Gateway.submitted(gateway.delete(gateway.editor, "/routes/" + route));
        gateway.approve(gateway.approver, request);
        assertThat(file("httproute-shop.cart.yaml")).exists();

        gateway.deploy(gateway.approver, route);

        gateway.awaitRouteGone(route);
        assertThat(file("httproute-shop.cart.yaml")).doesNotExist();
        assertThat(file("securitypolicy-shop.cart.yaml")).doesNotExist();
        gateway.submitRoute(gateway.editor, "cart");
    }

    @Test
    void active_route_is_deployed_again_without_harm() throws IOException {
        String route = gateway.activeRoute("cart");
        String before = Files.readString(file("httproute-shop.cart.yaml"));
        Files.delete(file("httproute-shop.cart.yaml"));

        gateway.deploy(gateway.approver, route);
        gateway.awaitRoute(route, "active");

        assertThat(file("httproute-shop.cart.yaml")).hasContent(before);
    }

    @Test
    void failed_deployment_is_an_incident_with_the_reason_and_heals() throws IOException {
        Submitted request = gateway.submitRoute(gateway.editor, "cart");
        gateway.approve(gateway.approver, request);
        Path obstacle = Files.createDirectories(file("httproute-shop.cart.yaml"));
        Files.createFile(obstacle.resolve("file"));

        gateway.deploy(gateway.editor, request.id());

        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(gateway.get(gateway.viewer, "/routes/" + request.id())
                                .at("/status_reason"))
                        .contains("httproute-shop.cart.yaml"));
        assertThat(gateway.routeStatus(request.id())).isEqualTo("pending_deploy");
        assertThat(runtime.createIncidentQuery()
                        .processDefinitionKeyIn("carry-out")
                        .list())
                .anyMatch(incident ->
                        request.id().equals(runtime.getVariable(incident.getProcessInstanceId(), "subject")));

        JsonNode failed = gateway.get(gateway.viewer, "/routes/" + request.id()).json();
        assertThat(failed.get("attempt").asInt()).isEqualTo(3);
        assertThat(failed.get("failure")).isEqualTo(failed.get("status_reason"));
        assertThat(gateway.approval(request).get("attempts").asInt()).isEqualTo(3);
        Visitor visitor = new Visitor(server());
        visitor.signIn(gateway.viewer);
        for (String page : List.of("/routes", "/routes/" + request.id())) {
            assertThat(visitor.get("/projects/" + gateway.project + page)
                            .expect(200)
                            .text()
                            .replaceAll("<[^>]*>", ""))
                    .containsIgnoringCase("attempt 3 of 3 failed");
        }

        Files.delete(obstacle.resolve("file"));
        Files.delete(obstacle);
        gateway.deploy(gateway.approver, request.id());
        gateway.awaitRoute(request.id(), "active");
        assertThat(gateway.get(gateway.viewer, "/routes/" + request.id())
                        .json()
                        .get("attempt")
                        .isNull())
                .isTrue();
        assertThat(gateway.get(gateway.viewer, "/routes/" + request.id())
                        .json()
                        .get("status_reason")
                        .isNull())
                .isTrue();
    }

    @Test
    void failed_deployment_may_be_given_up_for_another_request() throws IOException {
        Submitted request = gateway.submitRoute(gateway.editor, "cart");
        gateway.approve(gateway.approver, request);
        Path obstacle = Files.createDirectories(file("httproute-shop.cart.yaml"));
        gateway.deploy(gateway.editor, request.id());
        await().atMost(Duration.ofSeconds(20))
                .until(() -> gateway.get(gateway.viewer, "/routes/" + request.id())
                        .at("/status_reason")
                        .contains("httproute"));

        Submitted update = Gateway.submitted(
                gateway.put(gateway.editor, "/routes/" + request.id(), change("cart", Map.of("path", "/other"))));
        assertThat(gateway.routeStatus(request.id())).isEqualTo("pending_update");
        gateway.reject(gateway.approver, update);
        assertThat(gateway.routeStatus(request.id())).isEqualTo("pending_deploy");

        Files.delete(obstacle);
        gateway.deploy(gateway.editor, request.id());
        gateway.awaitRoute(request.id(), "active");
        assertThat(Files.readString(file("httproute-shop.cart.yaml"))).contains("\"/cart\"");
    }

    @Test
    void nothing_is_deployed_that_was_changed_after_its_approval() {
        Submitted request = gateway.submitRoute(gateway.editor, "cart");
        gateway.approve(gateway.approver, request);
        jdbc.sql("update countersign.routes set request_content = replace(request_content, '/cart', '/admin')"
                        + " where id = ?::uuid")
                .param(request.id())
                .update();

        gateway.post(gateway.editor, "/routes/" + request.id() + "/deploy", null)
                .expectProblem(409, "not_approved");

        assertThat(gateway.routeStatus(request.id())).isEqualTo("approved");
        assertThat(file("httproute-shop.cart.yaml")).doesNotExist();
    }

    @Test
    void nothing_is_redeployed_that_was_changed_since() {
        String route = gateway.activeRoute("cart");
        jdbc.sql("update countersign.routes set released_content = replace(released_content, '/cart', '/admin')"
                        + " where id = ?::uuid")
                .param(route)
                .update();

        gateway.post(gateway.editor, "/routes/" + route + "/deploy", null).expectProblem(409, "not_approved");

        assertThat(gateway.routeStatus(route)).isEqualTo("active");
    }

    @Test
    void separation_of_duties_holds_through_engine_rest() {
        Submitted own = gateway.submitRoute(gateway.admin, "cart");
        String decide = taskOf(own, gateway.approver);
        as(gateway.admin)
                .post("/engine-rest/task/" + decide + "/complete", variables("approve"))
                .expect(403);
        as(gateway.editor)
                .post("/engine-rest/task/" + decide + "/complete", variables("approve"))
                .expect(404);
        as(gateway.approver)
                .post("/engine-rest/task/" + decide + "/complete", variables("approve"))
                .expect(204);
        assertThat(gateway.routeStatus(own.id())).isEqualTo("approved");

        String deploy = taskOf(own, gateway.editor);
        as(gateway.viewer)
                .post("/engine-rest/task/" + deploy + "/complete", Map.of())
                .expect(404);
        as(given.person("stranger"))
                .post("/engine-rest/task/" + deploy + "/complete", Map.of())
                .expect(404);
        assertThat(gateway.routeStatus(own.id())).isEqualTo("approved");
        as(gateway.editor)
                .post("/engine-rest/task/" + deploy + "/submit-form", Map.of())
                .expect(204);
        gateway.awaitRoute(own.id(), "active");
    }

    @Test
    void tasklist_form_shows_what_changes() {
        String route = gateway.activeRoute("cart");
        Submitted request = Gateway.submitted(
                gateway.put(gateway.editor, "/routes/" + route, change("cart", Map.of("path", "/basket"))));
        String task = taskOf(request, gateway.approver);

        JsonNode shown = as(gateway.approver)
                .get("/engine-rest/task/" + task + "/form-variables")
                .expect(200)
                .json();

        assertThat(shown.at("/changes/value").asText()).isEqualTo("path: /cart → /basket");
    }

    @Test
    void every_broken_rule_is_named() {
        Map<String, Object> body = new HashMap<>();
        body.put("name", "Cart");
        body.put("path", "cart");
        body.put("path_match", "regex");
        body.put("methods", List.of("GET", "get", "GET"));
        body.put("backend", Map.of("service", "", "port", 0, "namespace", "A"));
        body.put("headers", List.of(Map.of("name", "a b", "value", "")));
        body.put("rewrite", Map.of("path", "//", "host", "x"));
        body.put("timeout_seconds", 0);
        body.put("rate_limit", Map.of("requests", 0, "unit", "year"));
        body.put("access", "some");

        JsonNode problem = gateway.post(gateway.editor, "/domains/shop/routes", body)
                .expectProblem(422, "invalid_input")
                .json();

        assertThat(problem.get("errors").findValuesAsText("field"))
                .containsExactly(
                        "name",
                        "path",
                        "path_match",
                        "methods[1]",
                        "methods[2]",
                        "backend.service",
                        "backend.port",
                        "backend.namespace",
                        "headers[0].name",
                        "headers[0].value",
                        "rewrite.path",
                        "rewrite.host",
                        "timeout_seconds",
                        "rate_limit.requests",
                        "rate_limit.unit",
                        "access");
        gateway.post(gateway.editor, "/domains/shop/routes", Map.of()).expectProblem(422, "invalid_input");
        gateway.post(gateway.editor, "/domains/nowhere/routes", Gateway.route("cart"))
                .expectProblem(404, "not_found");
    }

    @Test
    void lists_come_newest_first_page_by_page() {
        String first = gateway.submitRoute(gateway.editor, "one").id();
        String second = gateway.submitRoute(gateway.editor, "two").id();

        JsonNode page = gateway.get(gateway.viewer, "/domains/shop/routes?limit=1")
                .expect(200)
                .json();
        JsonNode next = gateway.get(
                        gateway.viewer,
                        "/routes?limit=1&cursor=" + page.get("next_cursor").asText())
                .expect(200)
                .json();

        assertThat(page.at("/items/0/id").asText()).isEqualTo(second);
        assertThat(next.at("/items/0/id").asText()).isEqualTo(first);
        assertThat(next.get("next_cursor").isNull()).isTrue();
        assertThat(gateway.get(gateway.viewer, "/routes?status=active").json().get("items"))
                .isEmpty();
        gateway.get(gateway.viewer, "/routes?status=odd").expectProblem(422, "invalid_input");
    }

    private Path file(String name) {
        return MANIFESTS.resolve(gateway.project).resolve(name);
    }

    private long instances(Submitted request) {
        return runtime.createProcessInstanceQuery()
                .variableValueEquals("approvalId", request.approval())
                .count();
    }

    private String taskOf(Submitted request, String person) {
        return as(person)
                .post(
                        "/engine-rest/task",
                        Map.of(
                                "processVariables",
                                List.of(Map.of("name", "approvalId", "operator", "eq", "value", request.approval()))))
                .expect(200)
                .at("/0/id");
    }

    private static Map<String, Object> variables(String decision) {
        return Map.of("variables", Map.of("decision", Map.of("value", decision)));
    }

    private static Map<String, Object> change(String name, Map<String, Object> fields) {
        Map<String, Object> body = new HashMap<>(Gateway.route(name));
        body.putAll(fields);
        return body;
    }
}
