package io.countersign.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.ServerTest;
import io.countersign.gateway.Gateway.Submitted;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What approvers are shown before they decide: the objects that a deployment would apply, beside those that are live.
 */
class PreviewTest extends ServerTest {

    private Gateway gateway;

    @BeforeEach
    void project() {
        gateway = Gateway.of(ServerTest::as, given);
    }

    @Test
    void new_route_is_shown_as_the_objects_that_it_becomes() {
        Submitted request = gateway.submitRoute(gateway.editor, "cart");

        JsonNode route = object(preview(gateway.approver, request), "HTTPRoute");

        assertThat(route.get("change").asText()).isEqualTo("create");
        assertThat(route.get("live").isNull()).isTrue();
        assertThat(route.get("planned").asText())
                .contains("value: \"/cart\"")
                .contains("countersign.io/approval: \"" + request.approval() + "\"");
        assertThat(object(preview(gateway.approver, request), "SecurityPolicy")
                        .get("change")
                        .asText())
                .isEqualTo("create");
    }

    @Test
    void what_is_shown_is_what_is_applied() {
        Submitted request = gateway.submitRoute(gateway.editor, "cart");
        String planned = object(preview(gateway.approver, request), "HTTPRoute")
                .get("planned")
                .asText();

        gateway.approve(gateway.approver, request);
        gateway.deploy(gateway.editor, request.id());
        gateway.awaitRoute(request.id(), "active");

        JsonNode route = object(preview(gateway.approver, request), "HTTPRoute");
        assertThat(route.get("live").asText()).isEqualTo(planned);
        assertThat(route.get("change").asText()).isEqualTo("none");
    }

    @Test
    void changed_route_differs_from_what_is_live_in_what_was_changed() {
        String route = gateway.activeRoute("cart");
        Map<String, Object> changed = new HashMap<>(Gateway.route("cart"));
        changed.put("path", "/basket");
        Submitted request = Gateway.submitted(gateway.put(gateway.editor, "/routes/" + route, changed));

        JsonNode object = object(preview(gateway.approver, request), "HTTPRoute");

        assertThat(object.get("change").asText()).isEqualTo("update");
        List<String> changedLines = new ArrayList<>();
        object.get("diff").forEach(line -> {
            if (!line.asText().startsWith(" ") && !line.asText().contains("countersign.io/approval")) {
                changedLines.add(line.asText().replaceAll("\\s+", " "));
            }
        });
        assertThat(changedLines).containsExactly("- value: \"/cart\"", "+ value: \"/basket\"");
    }

    @Test
    void deletion_shows_what_goes_away() {
        String route = gateway.activeRoute("cart");
        Submitted request = Gateway.submitted(gateway.delete(gateway.editor, "/routes/" + route));

        JsonNode objects = preview(gateway.approver, request);

        assertThat(objects.findValuesAsText("kind")).containsExactlyInAnyOrder("HTTPRoute", "SecurityPolicy");
        assertThat(objects.findValuesAsText("change")).containsOnly("remove");
    }

    @Test
    void attachment_shows_who_is_let_through_afterwards() {
        String route = gateway.activeRoute("cart");
        String client = gateway.client(gateway.paymentsEditor, "partner", "payments");
        Submitted request = gateway.submitAttachment(gateway.editor, route, client);

        JsonNode objects = preview(gateway.paymentsApprover, request);

        JsonNode policy = object(objects, "SecurityPolicy");
        assertThat(policy.get("change").asText()).isEqualTo("update");
        assertThat(policy.get("live").asText()).doesNotContain("partner");
        assertThat(policy.get("planned").asText()).contains("partner").contains("10.0.0.0/8");
        assertThat(objects.findValuesAsText("kind")).containsExactlyInAnyOrder("Namespace", "Secret", "SecurityPolicy");
    }

    @Test
    void first_attachment_of_a_client_shows_that_its_key_is_written_and_not_the_key() {
        String route = gateway.activeRoute("cart");
        String client = gateway.client(gateway.paymentsEditor, "partner", "payments");
        Submitted request = gateway.submitAttachment(gateway.editor, route, client);

        JsonNode secret = object(preview(gateway.paymentsApprover, request), "Secret");

        assertThat(secret.get("change").asText()).isEqualTo("create");
        assertThat(secret.get("planned").asText()).contains("partner: \"(hidden)\"");
    }

    @Test
    void strangers_see_no_preview() {
        Submitted request = gateway.submitRoute(gateway.editor, "cart");

        as(given.person("stranger"))
                .get("/api/v1/approvals/" + request.approval() + "/preview")
                .expectProblem(404, "not_found");
    }

    private static JsonNode preview(String reader, Submitted request) {
        return as(reader)
                .get("/api/v1/approvals/" + request.approval() + "/preview")
                .expect(200)
                .json()
                .get("objects");
    }

    private static JsonNode object(JsonNode objects, String kind) {
        for (JsonNode object : objects) {
            if (object.get("kind").asText().equals(kind)) {
                return object;
            }
        }
        throw new AssertionError("No " + kind + " among " + objects);
    }
}
