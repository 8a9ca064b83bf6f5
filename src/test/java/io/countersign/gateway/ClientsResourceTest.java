package io.countersign.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.Client;
import io.countersign.ServerTest;
import io.countersign.api.secret.Encryption;
import io.countersign.approval.CanonicalJson;
import io.countersign.gateway.Gateway.Submitted;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

class ClientsResourceTest extends ServerTest {

    private static final List<String> SEARCHED = List.of("clients", "client_keys", "audit_entries", "idempotency_keys");

    private Gateway gateway;

    @Autowired
    private JdbcClient jdbc;

    @Autowired
    private Encryption.OwnKey present;

    @Autowired
    private TransactionTemplate transaction;

    @BeforeEach
    void project() {
        gateway = Gateway.of(ServerTest::as, given);
    }

    @Test
    void key_is_shown_once_and_stored_as_a_hash() {
        JsonNode issued = issue("partner");
        String id = issued.get("id").asText();
        String key = issued.get("api_key").asText();

        assertThat(key).startsWith("csk_").hasSize(47);
        assertThat(gateway.get(gateway.paymentsEditor, "/clients/" + id)
                        .expect(200)
                        .text())
                .doesNotContain(key)
                .contains("192.0.2.1/32");
        assertThat(jdbc.sql("select row_to_json(c)::text from countersign.clients c where id = ?::uuid")
                        .param(id)
                        .query(String.class)
                        .single())
                .doesNotContain(key)
                .contains(CanonicalJson.hash(key));
        assertThat(jdbc.sql("select count(*) from countersign.audit_entries where details::text like ?")
                        .param("%" + key + "%")
                        .query(Long.class)
                        .single())
                .isZero();
    }

    @Test
    void repeated_creation_shows_no_key() {
        Map<String, String> body = Map.of("name", "partner", "team", "payments");
        String path = "/api/v1/projects/" + gateway.project + "/clients";

        JsonNode first = as(gateway.paymentsEditor)
                .send("POST", path, body, "Idempotency-Key", "once")
                .expect(201)
                .json();
        JsonNode second = as(gateway.paymentsEditor)
                .send("POST", path, body, "Idempotency-Key", "once")
                .expect(201)
                .json();

        assertThat(second.get("id")).isEqualTo(first.get("id"));
        assertThat(second.get("api_key").isNull()).isTrue();
        assertThat(jdbc.sql("select count(*) from countersign.idempotency_keys where response like ?")
                        .param("%" + first.get("api_key").asText() + "%")
                        .query(Long.class)
                        .single())
                .isZero();
    }

    @Test
    void nothing_of_a_client_is_at_the_target_before_a_deployment_lets_it_through() throws IOException {
        String route = gateway.activeRoute("cart");
        JsonNode issued = issue("partner");
        String id = issued.get("id").asText();
        Submitted attachment = gateway.submitAttachment(gateway.editor, route, id);
        gateway.approve(gateway.paymentsApprover, attachment);
        gateway.approve(gateway.approver, attachment);

        assertThat(secretFile(id, "partner")).doesNotExist();
        gateway.deploy(gateway.editor, route);
        gateway.awaitAttachment(attachment.id(), "active");

        assertThat(secret(id, "partner")).contains(base64(issued.get("api_key").asText()));
        assertThat(keptKeys(id)).isZero();
    }

    @Test
    void adding_a_client_and_giving_it_a_new_key_makes_no_namespace() {
        String id = gateway.client(gateway.paymentsEditor, "partner", "payments");
        newKey(id);

        assertThat(MANIFESTS.resolve(gateway.project)).doesNotExist();
        assertThat(MANIFESTS.resolve("_cluster").resolve("namespace-" + gateway.project + ".yaml"))
                .doesNotExist();
    }

    @Test
    void key_that_waits_for_a_deployment_is_kept_encrypted() {
        JsonNode issued = issue("partner");

        assertThat(jdbc.sql("select sealed from countersign.client_keys where client_id = ?::uuid")
                        .param(issued.get("id").asText())
                        .query(String.class)
                        .single())
                .doesNotContain(issued.get("api_key").asText());
        assertThat(SEARCHED.stream()
                        .filter(table -> jdbc.sql("select exists (select from countersign." + table
                                        + " t where row_to_json(t)::text like ?)")
                                .param("%" + issued.get("api_key").asText() + "%")
                                .query(Boolean.class)
                                .single()))
                .isEmpty();
    }

    @Test
    void key_that_waits_is_encrypted_again_once_another_key_encrypts() {
        JsonNode issued = issue("partner");
        UUID id = UUID.fromString(issued.get("id").asText());
        String newKey = Base64.getEncoder().encodeToString(new byte[32]);
        ClientKeys keys = new ClientKeys(jdbc, new Encryption(List.of(newKey, present.text())));
        ClientKeys later = new ClientKeys(jdbc, new Encryption(List.of(newKey)));

        transaction.executeWithoutResult(status -> {
            keys.sealAgain();

            assertThat(later.take(id)).contains(issued.get("api_key").asText());
            status.setRollbackOnly();
        });
    }

    @Test
    void first_deployment_hands_over_the_newest_key() throws IOException {
        String route = gateway.activeRoute("cart");
        String id = gateway.client(gateway.paymentsEditor, "partner", "payments");
        String key = newKey(id);

        gateway.activeAttachment(route, id);

        assertThat(secret(id, "partner")).contains(base64(key));
    }

    @Test
    void new_key_of_a_deployed_client_replaces_the_old_one_at_once() throws IOException {
        String id = deployedClient("partner");
        String before = secret(id, "partner");

        String key = newKey(id);

        assertThat(secret(id, "partner")).contains(base64(key)).isNotEqualTo(before);
    }

    @Test
    void new_key_of_a_detached_client_waits_for_its_next_deployment() throws IOException {
        String route = gateway.activeRoute("cart");
        String id = gateway.client(gateway.paymentsEditor, "partner", "payments");
        String attachment = gateway.activeAttachment(route, id);
        Submitted detachment = Gateway.submitted(gateway.delete(gateway.editor, "/attachments/" + attachment));
        gateway.approve(gateway.paymentsApprover, detachment);
        gateway.approve(gateway.approver, detachment);
        gateway.deploy(gateway.editor, route);
        gateway.awaitAttachment(attachment, "removed");
        String before = secret(id, "partner");

        String key = newKey(id);

        assertThat(secret(id, "partner")).isEqualTo(before);
        gateway.activeAttachment(route, id);
        assertThat(secret(id, "partner")).contains(base64(key));
    }

    @Test
    void key_that_the_target_does_not_take_is_not_issued() throws IOException {
        String id = deployedClient("partner");
        Path file = secretFile(id, "partner");
        Files.delete(file);
        Files.createDirectory(file);
        String hash = hash(id);

        gateway.post(gateway.paymentsEditor, "/clients/" + id + "/api-keys", null)
                .expectProblem(409, "target_unavailable");

        assertThat(hash(id)).isEqualTo(hash);
        Files.delete(file);
    }

    @Test
    void key_of_a_failed_deployment_is_handed_over_by_the_next_try() throws IOException {
        String route = gateway.activeRoute("cart");
        JsonNode issued = issue("partner");
        String id = issued.get("id").asText();
        Path policy = MANIFESTS.resolve(gateway.project).resolve("securitypolicy-shop.cart.yaml");
        Files.delete(policy);
        Files.createDirectory(policy);
        Submitted attachment = gateway.submitAttachment(gateway.editor, route, id);
        gateway.approve(gateway.paymentsApprover, attachment);
        gateway.approve(gateway.approver, attachment);
        gateway.deploy(gateway.editor, route);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> gateway.get(gateway.owner, "/routes/" + route)
                        .at("/status_reason")
                        .contains("Cannot write"));

        assertThat(keptKeys(id)).isOne();
        Files.delete(policy);
        gateway.deploy(gateway.editor, route);
        gateway.awaitAttachment(attachment.id(), "active");

        assertThat(secret(id, "partner")).contains(base64(issued.get("api_key").asText()));
        assertThat(keptKeys(id)).isZero();
    }

    @Test
    void credentials_are_for_the_owning_team_and_those_who_run_the_project() {
        String id = gateway.client(gateway.paymentsEditor, "partner", "payments");

        gateway.post(gateway.editor, "/clients/" + id + "/api-keys", null).expectProblem(403, "wrong_team");
        gateway.put(gateway.editor, "/clients/" + id + "/ip-addresses", Map.of("ip_addresses", List.of()))
                .expectProblem(403, "wrong_team");
        gateway.delete(gateway.editor, "/clients/" + id).expectProblem(403, "wrong_team");
        gateway.post(gateway.paymentsApprover, "/clients/" + id + "/api-keys", null)
                .expectProblem(403, "missing_permission");
        gateway.post(gateway.admin, "/clients/" + id + "/api-keys", null).expect(201);
        gateway.post(gateway.viewer, "/clients", Map.of("name", "x", "team", "web"))
                .expectProblem(403, "missing_permission");
        assertThat(gateway.get(gateway.viewer, "/clients").at("/items/0/name")).isEqualTo("partner");
    }

    @Test
    void broken_rules_are_named() {
        JsonNode problem = gateway.post(
                        gateway.editor,
                        "/clients",
                        Map.of(
                                "name",
                                "A",
                                "team",
                                "nowhere",
                                "ip_addresses",
                                List.of("10.0.0.0/8", "10.0.0.1/8", "x")))
                .expectProblem(422, "invalid_input")
                .json();

        assertThat(problem.get("errors").findValuesAsText("field"))
                .containsExactly("name", "team", "ip_addresses[1]", "ip_addresses[2]");
        gateway.client(gateway.editor, "twice", "web");
        gateway.post(gateway.editor, "/clients", Map.of("name", "twice", "team", "web"))
                .expectProblem(409, "client_exists");
    }

    @Test
    void narrower_addresses_reach_the_routes_that_are_deployed_with_the_client() {
        String route = gateway.activeRoute("cart");
        String id = gateway.client(gateway.paymentsEditor, "partner", "payments");
        gateway.activeAttachment(route, id);

        gateway.put(
                        gateway.paymentsEditor,
                        "/clients/" + id + "/ip-addresses",
                        Map.of("ip_addresses", List.of("10.51.100.0/24")))
                .expect(200);

        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(Files.readString(
                                MANIFESTS.resolve(gateway.project).resolve("securitypolicy-shop.cart.yaml")))
                        .contains("10.51.100.0/24")
                        .doesNotContain("10.0.0.0/8"));
    }

    @Test
    void team_and_addresses_are_changed_by_patch() {
        String id = gateway.client(gateway.paymentsEditor, "partner", "payments");

        Client.Answer changed = as(gateway.paymentsEditor)
                .patch(
                        "/api/v1/projects/" + gateway.project + "/clients/" + id,
                        Map.of("team", "web", "ip_addresses", List.of("2001:db8::/32")))
                .expect(200);

        assertThat(changed.at("/team")).isEqualTo("web");
        assertThat(changed.at("/ip_addresses/0")).isEqualTo("2001:db8::/32");
        gateway.post(gateway.paymentsEditor, "/clients/" + id + "/api-keys", null)
                .expectProblem(403, "wrong_team");
    }

    @Test
    void client_without_attachments_is_deleted_at_once() {
        String id = gateway.client(gateway.paymentsEditor, "partner", "payments");

        gateway.delete(gateway.paymentsEditor, "/clients/" + id).expect(204);

        gateway.get(gateway.paymentsEditor, "/clients/" + id).expectProblem(404, "not_found");
        assertThat(keptKeys(id)).isZero();
        gateway.client(gateway.paymentsEditor, "partner", "payments");
    }

    @Test
    void attached_client_goes_once_every_detachment_is_approved_and_deployed() {
        String cart = gateway.activeRoute("cart");
        String pay = gateway.activeRoute("pay");
        String open = gateway.activeRoute("open");
        String id = gateway.client(gateway.paymentsEditor, "partner", "payments");
        String first = gateway.activeAttachment(cart, id);
        String second = gateway.activeAttachment(pay, id);
        Submitted pending = gateway.submitAttachment(gateway.editor, open, id);

        JsonNode deletion = gateway.delete(gateway.paymentsEditor, "/clients/" + id)
                .expect(202)
                .json();

        assertThat(deletion.get("approval_ids")).hasSize(2);
        assertThat(gateway.attachmentStatus(pending.id())).isEqualTo("rejected");
        gateway.post(gateway.editor, "/attachments", Map.of("route_id", open, "client_id", id))
                .expectProblem(409, "wrong_state");
        for (String attachment : List.of(first, second)) {
            assertThat(gateway.attachmentStatus(attachment)).isEqualTo("pending_detach");
            Submitted detachment = new Submitted(
                    attachment,
                    gateway.get(gateway.owner, "/attachments/" + attachment).at("/approval_id"));
            gateway.approve(gateway.approver, detachment);
            gateway.approve(gateway.paymentsApprover, detachment);
        }
        gateway.deploy(gateway.editor, cart);
        gateway.awaitAttachment(first, "removed");
        gateway.get(gateway.viewer, "/clients/" + id).expect(200);
        gateway.deploy(gateway.editor, pay);
        gateway.awaitAttachment(second, "removed");
        gateway.get(gateway.viewer, "/clients/" + id).expectProblem(404, "not_found");
        await().atMost(Duration.ofSeconds(20)).until(() -> !Files.exists(secretFile(id, "partner")));
    }

    @Test
    void client_stays_if_a_detachment_is_refused() {
        String cart = gateway.activeRoute("cart");
        String id = gateway.client(gateway.paymentsEditor, "partner", "payments");
        String attachment = gateway.activeAttachment(cart, id);
        gateway.delete(gateway.paymentsEditor, "/clients/" + id).expect(202);
        assertThat(gateway.get(gateway.viewer, "/clients/" + id).at("/deleting"))
                .isEqualTo("true");

        gateway.reject(
                gateway.approver,
                new Submitted(
                        attachment,
                        gateway.get(gateway.owner, "/attachments/" + attachment).at("/approval_id")));

        assertThat(gateway.get(gateway.viewer, "/clients/" + id).at("/deleting"))
                .isEqualTo("false");
        assertThat(gateway.attachmentStatus(attachment)).isEqualTo("active");
    }

    private JsonNode issue(String name) {
        return gateway.post(
                        gateway.paymentsEditor,
                        "/clients",
                        Map.of("name", name, "team", "payments", "ip_addresses", List.of("192.0.2.1")))
                .expect(201)
                .json();
    }

    private String newKey(String id) {
        return gateway.post(gateway.paymentsEditor, "/clients/" + id + "/api-keys", null)
                .expect(201)
                .at("/api_key");
    }

    /** @return a client that is attached to a deployed route */
    private String deployedClient(String name) {
        String route = gateway.activeRoute("cart");
        String id = gateway.client(gateway.paymentsEditor, name, "payments");
        gateway.activeAttachment(route, id);
        return id;
    }

    private long keptKeys(String id) {
        return jdbc.sql("select count(*) from countersign.client_keys where client_id = ?::uuid")
                .param(id)
                .query(Long.class)
                .single();
    }

    private String hash(String id) {
        return jdbc.sql("select api_key_hash from countersign.clients where id = ?::uuid")
                .param(id)
                .query(String.class)
                .single();
    }

    private Path secretFile(String id, String name) {
        return MANIFESTS.resolve(gateway.project).resolve("secret-client." + name + "." + id.substring(0, 8) + ".yaml");
    }

    private String secret(String id, String name) throws IOException {
        return Files.readString(secretFile(id, name));
    }

    private static String base64(String key) {
        return Base64.getEncoder().encodeToString(key.getBytes(StandardCharsets.UTF_8));
    }
}
