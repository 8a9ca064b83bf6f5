package io.countersign.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
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
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.transaction.support.TransactionTemplate;

/** What others have at the target is left to them, and whoever decides is told. */
class ForeignObjectsTest extends ServerTest {

    private static final String BY_HELM =
            "kind: HTTPRoute\nmetadata: {name: shop.cart, labels: {app.kubernetes.io/managed-by: Helm}}\n";

    @Autowired
    private ClientAccess access;

    @Autowired
    private TransactionTemplate transaction;

    private Gateway gateway;

    @BeforeEach
    void project() {
        gateway = Gateway.of(ServerTest::as, given);
    }

    @Test
    void object_of_others_is_shown_before_the_decision_and_refused_when_it_would_be_written() throws IOException {
        Submitted request = gateway.submitRoute(gateway.editor, "cart");
        Path file = write(gateway.project, "httproute-shop.cart.yaml", BY_HELM);

        JsonNode shown = object(request, "HTTPRoute");

        assertThat(shown.get("change").asText()).isEqualTo("refused");
        assertThat(shown.at("/refused/code").asText()).isEqualTo("exists_already");
        assertThat(shown.at("/refused/reason").asText())
                .isEqualTo("HTTPRoute " + gateway.project + "/shop.cart exists already and is not Countersign's for"
                        + " project " + gateway.project + ": managed by Helm.");
        assertThat(shown.get("live").asText()).isEqualTo(BY_HELM);
        gateway.approve(gateway.approver, request);
        gateway.deploy(gateway.editor, request.id());
        awaitReason(request.id(), "exists already");
        assertThat(file).hasContent(BY_HELM);
    }

    @Test
    void namespace_of_others_is_shown_before_the_decision_and_not_written_to() throws IOException {
        Submitted request = gateway.submitRoute(gateway.editor, "cart");
        write("_cluster", "namespace-" + gateway.project + ".yaml", "kind: Namespace\nmetadata: {name: theirs}\n");

        JsonNode shown = object(request, "HTTPRoute");

        assertThat(shown.at("/refused/code").asText()).isEqualTo("foreign_namespace");
        assertThat(shown.at("/refused/reason").asText())
                .contains("by the label countersign.io/project=" + gateway.project);
        gateway.approve(gateway.approver, request);
        gateway.deploy(gateway.editor, request.id());
        awaitReason(request.id(), "is not for project");
        assertThat(MANIFESTS.resolve(gateway.project)).doesNotExist();
    }

    @Test
    void policy_of_others_survives_the_deployment_of_a_route_that_needs_none() throws IOException {
        Path file = write(
                gateway.project, "backendtrafficpolicy-shop.cart.yaml", "kind: BackendTrafficPolicy\nmetadata: {}\n");

        gateway.activeRoute("cart");

        assertThat(file).exists();
    }

    @Test
    void deletion_leaves_what_became_somebody_elses() throws IOException {
        String route = gateway.activeRoute("cart");
        Path file = write(gateway.project, "httproute-shop.cart.yaml", BY_HELM);
        Submitted deletion = Gateway.submitted(gateway.delete(gateway.editor, "/routes/" + route));

        gateway.approve(gateway.approver, deletion);
        gateway.deploy(gateway.editor, route);

        gateway.awaitRouteGone(route);
        assertThat(file).hasContent(BY_HELM);
    }

    @Test
    void request_for_what_others_have_is_refused_at_once_unless_it_adopts() throws IOException {
        write(gateway.project, "httproute-shop.cart.yaml", BY_HELM);

        assertThat(gateway.post(gateway.editor, "/domains/shop/routes", Gateway.route("cart"))
                        .expectProblem(409, "exists_already")
                        .at("/detail"))
                .contains("HTTPRoute " + gateway.project + "/shop.cart exists already", "managed by Helm");
        assertThat(gateway.get(gateway.viewer, "/routes").json().get("items")).isEmpty();
    }

    @Test
    void adoption_is_part_of_what_is_approved_and_takes_the_object_over() throws IOException {
        Path file = write(gateway.project, "httproute-shop.cart.yaml", BY_HELM);
        Submitted request = Gateway.submitted(gateway.post(gateway.editor, "/domains/shop/routes", adopting("cart")));

        assertThat(gateway.approval(request).at("/content/adopt").asBoolean()).isTrue();
        JsonNode shown = object(request, "HTTPRoute");
        assertThat(shown.get("change").asText()).isEqualTo("update");
        assertThat(shown.get("taken_from").asText()).isEqualTo("managed by Helm");
        gateway.approve(gateway.approver, request);
        gateway.deploy(gateway.editor, request.id());
        gateway.awaitRoute(request.id(), "active");
        assertThat(file).content().contains("countersign.io/project: \"" + gateway.project + "\"");
    }

    @Test
    void adoption_ends_with_the_change_that_asked_for_it() throws IOException {
        String path = "/routes/" + adopted("cart");

        Submitted update = Gateway.submitted(gateway.put(gateway.editor, path, Gateway.route("cart")));

        assertThat(gateway.approval(update).at("/content/adopt").isMissingNode())
                .isTrue();
        gateway.cancel(gateway.editor, update).expect(200);
        write(gateway.project, "httproute-shop.cart.yaml", BY_HELM);
        gateway.put(gateway.editor, path, Gateway.route("cart")).expectProblem(409, "exists_already");
        Submitted deletion = Gateway.submitted(gateway.delete(gateway.editor, path));
        assertThat(gateway.approval(deletion).at("/content/adopt").isMissingNode())
                .isTrue();
    }

    @Test
    void deploying_again_takes_nothing_over_that_became_somebody_elses() throws IOException {
        String route = adopted("cart");
        Path file = write(gateway.project, "httproute-shop.cart.yaml", BY_HELM);

        gateway.deploy(gateway.editor, route);

        awaitReason(route, "exists already");
        assertThat(file).hasContent(BY_HELM);
    }

    @Test
    void change_of_a_clients_access_takes_nothing_over_that_became_somebody_elses() throws IOException {
        String route = adopted("cart");
        String client = gateway.client(gateway.editor, "till", "payments");
        gateway.activeAttachment(route, client);
        String policy = "kind: SecurityPolicy\nmetadata: {labels: {app.kubernetes.io/managed-by: Helm}}\n";
        Path file = write(gateway.project, "securitypolicy-shop.cart.yaml", policy);

        assertThatThrownBy(() -> transaction.executeWithoutResult(status -> access.apply(UUID.fromString(client))))
                .hasMessageContaining("exists already");
        assertThat(file).hasContent(policy);
    }

    @Test
    void adoption_holds_until_it_was_deployed_once() throws IOException {
        Path file = write(gateway.project, "httproute-shop.cart.yaml", BY_HELM);
        Submitted request = Gateway.submitted(gateway.post(gateway.editor, "/domains/shop/routes", adopting("cart")));
        Path namespace = write(
                "_cluster", "namespace-" + gateway.project + ".yaml", "kind: Namespace\nmetadata: {name: theirs}\n");
        gateway.approve(gateway.approver, request);
        gateway.deploy(gateway.editor, request.id());
        awaitReason(request.id(), "is not for project");

        Files.delete(namespace);

        // It does nothing while the tries of the first deployment last.
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            boolean active = gateway.routeStatus(request.id()).equals("active");
            if (!active) {
                gateway.deploy(gateway.editor, request.id());
            }
            return active;
        });
        assertThat(file).content().contains("countersign.io/project: \"" + gateway.project + "\"");
    }

    @Test
    void adoption_of_what_is_nobody_elses_is_refused() {
        JsonNode problem = gateway.post(gateway.editor, "/domains/shop/routes", adopting("cart"))
                .expectProblem(422, "invalid_input")
                .json();
        String route = gateway.activeRoute("cart");

        assertThat(problem.at("/errors/0/field").asText()).isEqualTo("adopt");
        assertThat(problem.at("/errors/0/message").asText())
                .isEqualTo("must be left out: nobody else has objects of this route's name");
        gateway.put(gateway.editor, "/routes/" + route, adopting("cart")).expectProblem(422, "invalid_input");
    }

    @Test
    void namespace_of_others_refuses_a_request_at_once() throws IOException {
        write("_cluster", "namespace-" + gateway.project + ".yaml", "kind: Namespace\nmetadata: {name: theirs}\n");

        gateway.post(gateway.editor, "/domains/shop/routes", adopting("cart")).expectProblem(409, "foreign_namespace");
    }

    @Test
    void whoever_may_not_ask_learns_nothing_of_the_target() throws IOException {
        write(gateway.project, "httproute-shop.cart.yaml", BY_HELM);

        gateway.post(gateway.viewer, "/domains/shop/routes", Gateway.route("cart"))
                .expectProblem(403, "missing_permission");
        gateway.post(given.person("stranger"), "/domains/shop/routes", Gateway.route("cart"))
                .expectProblem(404, "not_found");
    }

    @Test
    void form_refuses_and_adopts_alike() throws IOException {
        write(gateway.project, "httproute-shop.cart.yaml", BY_HELM);
        Visitor visitor = new Visitor(server());
        visitor.signIn(gateway.editor);
        String page = "/projects/" + gateway.project + "/routes/new";
        Map<String, String> form = new HashMap<>(Map.of(
                "domain",
                "shop",
                "name",
                "cart",
                "path",
                "/cart",
                "pathMatch",
                "prefix",
                "service",
                "cart",
                "port",
                "8080",
                "access",
                "clients",
                "rateUnit",
                "minute"));

        assertThat(visitor.submit(page + "?domain=shop", page, form).expect(409).text())
                .contains("exists already", "managed by Helm");
        form.put("adopt", "true");
        visitor.submit(page + "?domain=shop", page, form).expect(302);
    }

    private static Map<String, Object> adopting(String name) {
        Map<String, Object> body = new HashMap<>(Gateway.route(name));
        body.put("adopt", true);
        return body;
    }

    /** @return an active route that took over a file of Helm's */
    private String adopted(String name) throws IOException {
        write(gateway.project, "httproute-shop." + name + ".yaml", BY_HELM);
        Submitted request = Gateway.submitted(gateway.post(gateway.editor, "/domains/shop/routes", adopting(name)));
        gateway.approve(gateway.approver, request);
        gateway.deploy(gateway.editor, request.id());
        gateway.awaitRoute(request.id(), "active");
        return request.id();
    }

    private void awaitReason(String route, String reason) {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(
                                gateway.get(gateway.owner, "/routes/" + route).at("/status_reason"))
                        .contains(reason));
    }

    private JsonNode object(Submitted request, String kind) {
        JsonNode objects = as(gateway.approver)
                .get("/api/v1/approvals/" + request.approval() + "/preview")
                .expect(200)
                .json()
                .get("objects");
        Optional<JsonNode> found = StreamSupport.stream(objects.spliterator(), false)
                .filter(object -> object.get("kind").asText().equals(kind))
                .findFirst();
        return found.orElseThrow(() -> new AssertionError("No " + kind + " among " + objects));
    }

    private static Path write(String namespace, String name, String content) throws IOException {
        Path file = MANIFESTS.resolve(namespace).resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, content);
    }
}
