package io.countersign.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.Client;
import io.countersign.Client.Answer;
import io.countersign.Fixtures.Org;
import io.countersign.ServerTest;
import io.countersign.approval.Approval;
import io.countersign.approval.Policy;
import io.countersign.cluster.ClusterRequests;
import io.countersign.identity.Permission;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class IdempotencyTest extends ServerTest {

    /** Their answers show a secret that nothing may keep. */
    private static final Set<String> SHOW_SECRETS =
            Set.of("/api/v1/orchestrators", "/api/v1/projects/{project}/clients/{id}/api-keys");

    @Test
    void whatever_creates_takes_a_key() {
        JsonNode paths = anonymous().get("/v3/api-docs").expect(200).json().get("paths");

        assertThat(paths.properties())
                .filteredOn(path -> path.getValue().at("/post/responses").has("201"))
                .filteredOn(path -> !SHOW_SECRETS.contains(path.getKey()))
                .isNotEmpty()
                .allSatisfy(path -> assertThat(path.getValue().at("/post/parameters"))
                        .anySatisfy(parameter ->
                                assertThat(parameter.get("name").asText()).isEqualTo("Idempotency-Key")));
    }

    @Test
    void comment_that_is_sent_again_is_made_once() {
        Org org = given.organization();
        Approval request = given.request(
                ClusterRequests.TYPE, org.scope(), org.admin(), Policy.singleStage(Permission.CLUSTER_APPROVE));
        String path = "/api/v1/approvals/" + request.id() + "/comments";

        twice(as(org.admin()), path, Map.of("text", "Why?"));

        assertThat(as(org.admin()).get(path).json().get("items")).hasSize(1);
    }

    @Test
    void organization_team_and_person_that_are_sent_again_are_made_once() {
        String owner = given.person("owner");
        String project = given.project(owner);
        Client superadmin = as(given.superadmin());

        twice(superadmin, "/api/v1/orgs", Map.of("id", given.unique("org"), "name", "Org"));
        twice(as(owner), "/api/v1/projects/" + project + "/teams", Map.of("id", "ops", "name", "Ops"));
        String person = given.unique("person");
        Map<String, Object> body = Map.of("id", person, "display_name", "P", "email", person + "@example.com");
        Answer again = twice(superadmin, "/api/v1/users", body);
        assertThat(again.at("/id")).isEqualTo(person);
    }

    @Test
    void link_that_is_shown_once_is_not_shown_again() {
        Map<String, Object> body = Map.of("id", given.unique("person"), "display_name", "P");
        Client superadmin = as(given.superadmin());

        Answer first = superadmin
                .send("POST", "/api/v1/users", body, "Idempotency-Key", "once")
                .expect(201);
        Answer again = superadmin
                .send("POST", "/api/v1/users", body, "Idempotency-Key", "once")
                .expect(201);

        assertThat(first.at("/invitation/link")).startsWith("http");
        assertThat(again.json().at("/invitation/link").asText("")).doesNotContain("http");
    }

    private Answer twice(Client client, String path, Map<String, Object> body) {
        String key = given.unique("key");
        client.send("POST", path, body, "Idempotency-Key", key).expect(201);
        return client.send("POST", path, body, "Idempotency-Key", key).expect(201);
    }
}
