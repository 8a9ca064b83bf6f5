package io.countersign.operations;

import static io.countersign.cluster.ClusterFixtures.body;
import static io.countersign.cluster.ClusterFixtures.clusters;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.Client;
import io.countersign.Fixtures.Org;
import io.countersign.approval.Approval;
import io.countersign.cluster.ClusterFixtures;
import io.countersign.cluster.ClusterRequests;
import io.countersign.notification.MailTest;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** What operators are shown of trouble, and how they end it. */
class OperationsTest extends MailTest {

    private static final String PATH = "/api/v1/operations";

    @Test
    void failed_delivery_is_shown_with_its_reason_and_sent_once_retried() {
        Org org = given.organization();
        String superadmin = given.superadmin();
        Client operator = as(superadmin);
        mailServerIs(false);
        Approval approval = requestCluster(org);
        awaitSilence(approval);

        JsonNode incident = incidentAbout(operator, org.owner());
        assertThat(incident.get("process").asText()).isEqualTo("notification-delivery");
        assertThat(incident.get("activity").asText()).isNotBlank();
        assertThat(incident.get("reason").asText()).contains("connect");
        assertThat(incident.get("needs").asText()).contains("mail server");
        mailServerIs(true);
        operator.post(PATH + "/incidents/" + incident.get("id").asText() + "/retry", null)
                .expect(200);

        awaitMail(org.owner(), "");
        await().untilAsserted(
                        () -> assertThat(incidentsAbout(operator, org.owner())).isEmpty());
        assertThat(operator.get("/api/v1/audit?actor=" + superadmin).expect(200).at("/items/0/action"))
                .isEqualTo("retry_job");
        operator.post(PATH + "/incidents/" + incident.get("id").asText() + "/retry", null)
                .expect(404);
    }

    @Test
    void failed_jobs_of_one_process_are_retried_together() {
        Org org = given.organization();
        Client operator = as(given.superadmin());
        mailServerIs(false);
        Approval approval = requestCluster(org);
        awaitSilence(approval);
        mailServerIs(true);

        operator.post(PATH + "/incidents/retry", Map.of("process", "client-access"))
                .expect(200);
        assertThat(incidentsAbout(operator, org.owner())).hasSize(1);
        assertThat(operator.post(PATH + "/incidents/retry", Map.of("process", "notification-delivery"))
                        .expect(200)
                        .json()
                        .get("retried")
                        .asInt())
                .isPositive();

        awaitMail(org.owner(), "");
    }

    @Test
    void pages_of_failed_jobs_hold_each_once_though_the_engine_shows_some_in_calling_processes_too()
            throws IOException {
        Org org = given.organization();
        Client operator = as(given.superadmin());
        Files.createDirectories(MANIFESTS);
        Files.writeString(MANIFESTS.resolve(org.id()), "in the way of the organization's directory");
        List<String> names =
                Stream.generate(() -> given.unique("cluster")).limit(3).toList();
        for (String name : names) {
            as(org.owner()).post(clusters(org.id()), body(name)).expect(201);
            ClusterFixtures.await(as(org.owner()), org.id(), name, "PROVISIONING_FAILED");
        }

        List<JsonNode> read = new ArrayList<>();
        String cursor = null;
        do {
            String next = cursor == null ? "" : "&cursor=" + cursor;
            JsonNode page =
                    operator.get(PATH + "/incidents?limit=2" + next).expect(200).json();
            cursor = page.get("next_cursor").textValue();
            assertThat(cursor == null || page.get("items").size() == 2)
                    .as("only the last page may hold fewer")
                    .isTrue();
            page.get("items").forEach(read::add);
        } while (cursor != null);

        assertThat(read).extracting(item -> item.get("id").asText()).doesNotHaveDuplicates();
        assertThat(read)
                .extracting(item -> item.get("about").asText())
                .filteredOn(names::contains)
                .containsExactlyInAnyOrderElementsOf(names);
        operator.get(PATH + "/incidents?cursor=2").expectProblem(422, "invalid_input");
        Files.delete(MANIFESTS.resolve(org.id()));
    }

    @Test
    void late_delivery_is_shown_with_what_the_mail_server_said() {
        Org org = given.organization();
        Client operator = as(given.superadmin());
        mailServerIs(false);
        Approval approval = requestCluster(org);
        awaitSilence(approval);
        jdbc.sql("update notification_deliveries set created_at = now() - interval '5 minutes' where approval_id = ?")
                .param(approval.id().value())
                .update();

        JsonNode late = operator.all(PATH + "/deliveries").stream()
                .filter(item -> item.get("recipient").asText().equals(address(org.owner())))
                .findFirst()
                .orElseThrow();

        assertThat(late.get("gave_up").asBoolean()).isTrue();
        assertThat(late.get("last_failure").asText()).contains("connect");
        mailServerIs(true);
        retryDeliveries(approval);
        awaitMail(org.owner(), "");
    }

    @Test
    void stuck_request_is_shown_with_the_reason() {
        Org org = given.organization();
        as(org.owner())
                .delete("/api/v1/orgs/" + org.id() + "/members/" + org.admin())
                .expect(204);
        Approval approval = given.request(ClusterRequests.TYPE, org.scope(), org.owner(), ONE_OWNER);
        Client operator = as(given.superadmin());

        JsonNode stuck = operator.all(PATH + "/stuck").stream()
                .filter(item ->
                        item.get("approval_id").asText().equals(approval.id().toString()))
                .findFirst()
                .orElseThrow();

        assertThat(stuck.get("submitter").asText()).isEqualTo(org.owner());
        assertThat(stuck.get("reason").asText()).isNotBlank();
        assertThat(operator.get(PATH).expect(200).json().get("stuck").asInt()).isPositive();
    }

    @Test
    void requests_that_are_stuck_are_read_page_by_page() {
        Org org = given.organization();
        as(org.owner())
                .delete("/api/v1/orgs/" + org.id() + "/members/" + org.admin())
                .expect(204);
        List<String> made = Stream.generate(
                        () -> given.request(ClusterRequests.TYPE, org.scope(), org.owner(), ONE_OWNER))
                .limit(3)
                .map(request -> request.id().toString())
                .toList();
        Client operator = as(given.superadmin());

        List<String> read = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page =
                    operator.get(PATH + "/stuck?limit=2" + cursor).expect(200).json();
            assertThat(page.get("items").size()).isBetween(1, 2);
            page.get("items").forEach(item -> read.add(item.get("approval_id").asText()));
            cursor = page.get("next_cursor").isNull()
                    ? null
                    : "&cursor=" + page.get("next_cursor").asText();
        } while (cursor != null);

        assertThat(read).doesNotHaveDuplicates().containsAll(made);
    }

    @Test
    void request_whose_process_was_ended_is_shown_with_what_it_needs_until_it_is_cancelled() {
        Org org = given.organization();
        String superadmin = given.superadmin();
        Client operator = as(superadmin);
        Approval approval = requestCluster(org);

        endProcess("approval-stages", approval.id().toString());

        JsonNode stuck = operator.all(PATH + "/stuck").stream()
                .filter(item ->
                        item.get("approval_id").asText().equals(approval.id().toString()))
                .findFirst()
                .orElseThrow();
        assertThat(stuck.get("reason").asText()).contains("administrator ended the process");
        assertThat(stuck.get("needs").asText()).contains("Cancel it");
        assertThat(text(awaitMail(superadmin, "Stuck approval"))).contains("cancel");
        as(org.admin())
                .post("/api/v1/approvals/" + approval.id() + "/cancel", null)
                .expect(200);
        awaitMail(org.admin(), "Cancelled");
        assertThat(operator.all(PATH + "/stuck"))
                .noneMatch(item ->
                        item.get("approval_id").asText().equals(approval.id().toString()));
        assertThat(operator.get("/api/v1/audit?entity_type=cluster&actor=admin")
                        .expect(200)
                        .json()
                        .get("items"))
                .anyMatch(entry -> entry.get("action").asText().equals("end_process")
                        && entry.at("/details/approval_id")
                                .asText()
                                .equals(approval.id().toString()));
    }

    @Test
    void instances_are_listed_with_what_each_is_doing() {
        Client operator = as(given.superadmin());
        String silent = node("now() - interval '10 seconds'", false);
        String stopping = node("now()", true);
        jdbc.sql("""
                        insert into act_ru_job (id_, rev_, type_, retries_, exclusive_, lock_owner_, lock_exp_time_)
                        values (?, 1, 'message', 0, true, ?, now() + interval '1 hour')""").params(stopping, stopping).update();

        List<JsonNode> nodes = items(operator, "/nodes");

        JsonNode self = nodes.stream()
                .filter(node -> node.get("self").asBoolean())
                .findFirst()
                .orElseThrow();
        assertThat(self.get("state").asText()).isEqualTo("running");
        assertThat(self.get("host").asText()).isNotBlank();
        assertThat(self.get("needs").isNull()).isTrue();
        assertThat(ofId(nodes, silent).get("state").asText()).isEqualTo("silent");
        assertThat(ofId(nodes, silent).get("silent_seconds").asInt()).isGreaterThanOrEqualTo(10);
        assertThat(Duration.between(
                        Instant.parse(ofId(nodes, silent).get("seen_at").asText()),
                        Instant.parse(ofId(nodes, silent).get("struck_off_at").asText())))
                .isEqualTo(Duration.ofSeconds(20));
        assertThat(ofId(nodes, silent).get("needs").asText()).contains("20 seconds");
        assertThat(ofId(nodes, stopping).get("state").asText()).isEqualTo("draining");
        assertThat(ofId(nodes, stopping).get("jobs_locked").asInt()).isEqualTo(1);
        jdbc.sql("delete from act_ru_job where id_ = ?").param(stopping).update();
        jdbc.sql("delete from nodes where id in (?, ?)")
                .params(silent, stopping)
                .update();
    }

    @Test
    void operations_are_for_operators() {
        Org org = given.organization();
        Client owner = as(org.owner());

        for (String path : List.of("", "/incidents", "/stuck", "/deliveries", "/nodes")) {
            owner.get(PATH + path).expectProblem(403, "missing_permission");
            anonymous().get(PATH + path).expect(401);
        }
        owner.post(PATH + "/incidents/retry", null).expectProblem(403, "missing_permission");
        owner.post(PATH + "/incidents/x/retry", null).expectProblem(403, "missing_permission");
        as("admin").get(PATH).expect(200);
        as("admin").get(PATH + "/incidents?limit=0").expectProblem(422, "invalid_input");
    }

    private String node(String seenAt, boolean draining) {
        String id = given.unique("node");
        jdbc.sql("insert into nodes (id, host, draining, seen_at) values (?, 'test', ?, " + seenAt + ")")
                .params(id, draining)
                .update();
        return id;
    }

    private static JsonNode ofId(List<JsonNode> nodes, String id) {
        return nodes.stream()
                .filter(node -> node.get("node").asText().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static JsonNode incidentAbout(Client operator, String person) {
        List<JsonNode> found = incidentsAbout(operator, person);
        assertThat(found).hasSize(1);
        return found.get(0);
    }

    private static List<JsonNode> incidentsAbout(Client operator, String person) {
        return items(operator, "/incidents?limit=100").stream()
                .filter(item -> item.get("about").asText().contains(address(person)))
                .toList();
    }

    private static List<JsonNode> items(Client operator, String path) {
        return StreamSupport.stream(
                        operator.get(PATH + path)
                                .expect(200)
                                .json()
                                .get("items")
                                .spliterator(),
                        false)
                .toList();
    }
}
