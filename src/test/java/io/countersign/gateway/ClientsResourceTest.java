package io.countersign.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.Client;
import io.countersign.ServerTest;
import io.countersign.approval.CanonicalJson;
import io.countersign.gateway.Gateway.Submitted;
import io.countersign.identity.UserId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

class ClientsResourceTest extends ServerTest {

    private Gateway gateway;

    @Autowired
    private Clients clients;

    @Autowired
    private KeyHandovers handovers;

    @Autowired
    private JdbcClient jdbc;

    @Autowired
    private TransactionTemplate transaction;

    @BeforeEach
    void project() {
        gateway = Gateway.of(ServerTest::as, given);
    }

    @Test
    void key_is_shown_once_and_stored_as_a_hash() throws IOException {
        JsonNode issued = gateway.post(
                        gateway.paymentsEditor,
                        "/clients",
                        Map.of("name", "partner", "team", "payments", "ip_addresses", List.of("192.0.2.1")))
                .expect(201)
                .json();
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
        assertThat(secret(id, "partner")).contains(base64(key));
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
    void new_key_replaces_the_old_one() throws IOException {
        String id = gateway.client(gateway.paymentsEditor, "partner", "payments");
        String before = secret(id, "partner");

        String key = gateway.post(gateway.paymentsEditor, "/clients/" + id + "/api-keys", null)
                .expect(201)
                .at("/api_key");

        assertThat(secret(id, "partner")).contains(base64(key)).isNotEqualTo(before);
    }

    @Test
    void key_that_the_target_does_not_take_is_not_issued() throws IOException {
        String id = gateway.client(gateway.paymentsEditor, "partner", "payments");
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
    void key_of_a_client_that_could_not_be_recorded_is_removed_from_the_target() throws IOException {
        transaction.executeWithoutResult(status -> {
            create("partner");
            handovers.clearUp();
            assertThat(secrets("partner")).as("while nobody knows the outcome").hasSize(1);
            status.setRollbackOnly();
        });
        create("customer");

        handovers.clearUp();

        assertThat(secrets("partner")).isEmpty();
        assertThat(secrets("customer")).hasSize(1);
        assertThat(gateway.get(gateway.viewer, "/clients").json().findValuesAsText("name"))
                .containsExactly("customer");
    }

    @Test
    void key_that_cannot_be_removed_from_the_target_now_is_removed_later() throws IOException {
        Path file = transaction.execute(status -> {
            create("partner");
            status.setRollbackOnly();
            Path secret = secrets("partner").get(0);
            putInTheWay(secret);
            return secret;
        });

        handovers.clearUp();
        assertThat(file).exists();
        Files.delete(file.resolve("in-the-way"));
        handovers.clearUp();

        assertThat(file).doesNotExist();
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
    void changed_addresses_reach_the_routes_that_are_deployed_with_the_client() {
        String route = gateway.activeRoute("cart");
        String id = gateway.client(gateway.paymentsEditor, "partner", "payments");
        gateway.activeAttachment(route, id);

        gateway.put(
                        gateway.paymentsEditor,
                        "/clients/" + id + "/ip-addresses",
                        Map.of("ip_addresses", List.of("198.51.100.0/24")))
                .expect(200);

        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(Files.readString(
                                MANIFESTS.resolve(gateway.project).resolve("securitypolicy-shop.cart.yaml")))
                        .contains("198.51.100.0/24")
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
        await().atMost(Duration.ofSeconds(20)).until(() -> !Files.exists(secretFile(id, "partner")));
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

    private void create(String name) {
        clients.create(new UserId(gateway.paymentsEditor), gateway.project, name, "payments", List.of());
    }

    /** Makes it impossible to remove a file. */
    private static void putInTheWay(Path file) {
        try {
            Files.delete(file);
            Files.createDirectories(file.resolve("in-the-way"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<Path> secrets(String name) {
        try (Stream<Path> files = Files.list(MANIFESTS.resolve(gateway.project))) {
            return files.filter(file -> file.getFileName().toString().startsWith("secret-client." + name + "."))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
