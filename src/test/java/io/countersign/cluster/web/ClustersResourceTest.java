package io.countersign.cluster.web;

import static io.countersign.cluster.ClusterFixtures.approve;
import static io.countersign.cluster.ClusterFixtures.await;
import static io.countersign.cluster.ClusterFixtures.body;
import static io.countersign.cluster.ClusterFixtures.clusters;
import static io.countersign.cluster.ClusterFixtures.nodeGroup;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.Client;
import io.countersign.Client.Answer;
import io.countersign.Fixtures.Org;
import io.countersign.ServerTest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClustersResourceTest extends ServerTest {

    @Test
    void admins_request_waits_for_approval() {
        Org org = given.organization();

        Answer created =
                as(org.admin()).post(clusters(org.id()), body("prod-eu")).expect(201);

        assertThat(created.at("/status")).isEqualTo("APPROVAL_PENDING");
        assertThat(created.at("/approval_id")).isNotBlank();
        assertThat(created.at("/requested_by")).isEqualTo(org.admin());
        assertThat(created.at("/organization")).isEqualTo(org.id());
        assertThat(created.at("/node_groups/0/max_nodes")).isEqualTo("3");
        assertThat(created.at("/node_groups/0/machine_types/0")).isEqualTo("t3.large");
        assertThat(created.json().get("status_reason").isNull()).isTrue();
        Answer approval = as(org.owner())
                .get("/api/v1/approvals/" + created.at("/approval_id"))
                .expect(200);
        assertThat(approval.at("/entity_id")).isEqualTo("prod-eu");
        assertThat(approval.at("/status")).isEqualTo("pending");
    }

    @Test
    void developers_and_viewers_are_refused_and_strangers_are_told_nothing() {
        Org org = given.organization();
        as(org.admin()).post(clusters(org.id()), body("prod-eu")).expect(201);
        String stranger = given.organization().owner();
        String cluster = clusters(org.id()) + "/prod-eu";

        for (String user : List.of(org.developer(), org.viewer())) {
            as(user).post(clusters(org.id()), body("other")).expectProblem(403, "missing_permission");
            as(user).patch(cluster, Map.of("kubernetes_version", "1.32")).expectProblem(403, "missing_permission");
            as(user).delete(cluster).expectProblem(403, "missing_permission");
            as(user).post(cluster + "/retry", null).expectProblem(403, "missing_permission");
            as(user).get(cluster).expect(200);
        }
        as(org.admin()).post(cluster + "/retry", null).expectProblem(403, "missing_permission");
        as(stranger).post(clusters(org.id()), body("other")).expectProblem(404, "not_found");
        as(stranger).get(clusters(org.id())).expectProblem(404, "not_found");
        as(stranger).get(cluster).expectProblem(404, "not_found");
        as(stranger).patch(cluster, Map.of()).expectProblem(404, "not_found");
        as(stranger).delete(cluster).expectProblem(404, "not_found");
        as(stranger).post(cluster + "/retry", null).expectProblem(404, "not_found");
        anonymous().get(cluster).expect(401);
        as(given.superadmin()).get(cluster).expect(200);
    }

    @Test
    void nothing_happens_to_a_pending_cluster() {
        Org org = given.organization();
        as(org.admin()).post(clusters(org.id()), body("prod-eu")).expect(201);
        String cluster = clusters(org.id()) + "/prod-eu";

        for (String user : List.of(org.owner(), org.admin())) {
            as(user).patch(cluster, Map.of("kubernetes_version", "1.32")).expectProblem(409, "wrong_state");
            as(user).delete(cluster).expectProblem(409, "wrong_state");
        }
        as(org.owner()).post(cluster + "/retry", null).expectProblem(409, "wrong_state");
        assertThat(as(org.owner()).get(cluster).at("/status")).isEqualTo("APPROVAL_PENDING");
    }

    static Stream<Arguments> badInput() {
        return Stream.of(
                bad("name", body -> body.remove("name")),
                bad("name", body -> body.put("name", "Prod_EU")),
                bad("name", body -> body.put("name", "-prod")),
                bad("name", body -> body.put("name", "x".repeat(64))),
                bad("name", body -> body.put("name", "../other")),
                bad("provider", body -> body.put("provider", "digitalocean")),
                bad("provider", body -> body.put("provider", null)),
                bad("region", body -> body.put("region", "EU West")),
                bad("region", body -> body.put("region", "")),
                bad("kubernetes_version", body -> body.put("kubernetes_version", "latest")),
                bad("kubernetes_version", body -> body.put("kubernetes_version", "v1.31")),
                bad("kubernetes_version", body -> body.put("kubernetes_version", "1.031")),
                bad("kubernetes_version", body -> body.remove("kubernetes_version")),
                bad("node_groups", body -> body.put("node_groups", List.of())),
                bad("node_groups", body -> body.remove("node_groups")),
                bad("node_groups[0].name", body -> body.put("node_groups", Arrays.asList((Object) null))),
                bad(
                        "node_groups[1].name",
                        body -> body.put("node_groups", List.of(nodeGroup("workers"), nodeGroup("workers")))),
                badGroup("name", group -> group.put("name", "GPU")),
                badGroup("min_nodes", group -> group.put("min_nodes", -1)),
                badGroup("min_nodes", group -> group.put("min_nodes", 4)),
                badGroup("min_nodes", group -> group.remove("min_nodes")),
                badGroup("min_nodes", group -> group.put("min_nodes", "many")),
                badGroup("min_nodes", group -> group.put("min_nodes", 1.5)),
                badGroup("max_nodes", group -> group.put("max_nodes", 1001)),
                badGroup("max_nodes", group -> group.put("max_nodes", 0)),
                badGroup("max_nodes", group -> group.put("max_nodes", 99999999999L)),
                badGroup("machine_types", group -> group.put("machine_types", List.of())),
                badGroup("machine_types[0]", group -> group.put("machine_types", List.of("t3 large"))),
                badGroup("machine_types[0]", group -> group.put("machine_types", Arrays.asList((Object) null))),
                badGroup("labels.-tier", group -> group.put("labels", Map.of("-tier", "x"))),
                badGroup("labels.a/b/c", group -> group.put("labels", Map.of("a/b/c", "x"))),
                badGroup("labels.tier", group -> group.put("labels", Map.of("tier", "not a value"))),
                badGroup("size", group -> group.put("size", 3)),
                bad("owner", body -> body.put("owner", "me")));
    }

    @ParameterizedTest(name = "{0} {index}")
    @MethodSource("badInput")
    void bad_input_is_refused_naming_the_field(String field, Map<String, Object> body) {
        Org org = given.organization();

        Answer answer = as(org.owner()).post(clusters(org.id()), body).expectProblem(422, "invalid_input");

        assertThat(answer.json().get("errors"))
                .extracting(error -> error.get("field").asText())
                .contains(field);
        assertThat(as(org.owner()).get(clusters(org.id())).json().get("items")).isEmpty();
    }

    @Test
    void all_bad_fields_are_named_at_once() {
        Org org = given.organization();
        Map<String, Object> body = Map.of("name", "UPPER", "provider", "none", "node_groups", List.of(Map.of()));

        Answer answer = as(org.owner()).post(clusters(org.id()), body).expectProblem(422, "invalid_input");

        assertThat(answer.json().get("errors"))
                .extracting(error -> error.get("field").asText())
                .contains(
                        "name",
                        "provider",
                        "region",
                        "kubernetes_version",
                        "node_groups[0].name",
                        "node_groups[0].min_nodes",
                        "node_groups[0].max_nodes",
                        "node_groups[0].machine_types");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "null", "\"text\"", "{\"name\": {}}"})
    void body_that_is_no_request_is_refused(String body) {
        Org org = given.organization();

        assertThat(as(org.owner()).post(clusters(org.id()), body).status()).isIn(400, 422);
    }

    @Test
    void largest_request_that_the_rules_allow_is_accepted() {
        Org org = given.organization();
        Map<String, Object> body = body("x".repeat(63));
        Map<String, Object> first = nodeGroup("g".repeat(63));
        first.put("min_nodes", 0);
        first.put("max_nodes", 1000);
        first.put("labels", Map.of("example.com/tier", "web", "empty", ""));
        List<Map<String, Object>> groups = new ArrayList<>(List.of(first));
        IntStream.range(1, 50).forEach(i -> groups.add(nodeGroup("group-" + i)));
        body.put("node_groups", groups);

        as(org.owner()).post(clusters(org.id()), body).expect(201);

        Answer running = await(as(org.owner()), org.id(), "x".repeat(63), "RUNNING");
        assertThat(running.json().at("/node_groups/0/labels/example.com~1tier").asText())
                .isEqualTo("web");
    }

    @Test
    void approver_sees_each_label_under_its_own_name_although_it_holds_dots() {
        Org org = given.organization();
        Map<String, Object> body = body("prod-eu");
        Map<String, Object> group = nodeGroup("workers");
        group.put("labels", Map.of("example.com/tier", "web"));
        body.put("node_groups", List.of(group));
        Answer created = as(org.admin()).post(clusters(org.id()), body).expect(201);

        Answer diff = as(org.owner())
                .get("/api/v1/approvals/" + created.at("/approval_id") + "/diff")
                .expect(200);

        assertThat(diff.json().findValuesAsText("field")).contains("node_groups[0].labels[\"example.com/tier\"]");
    }

    @Test
    void second_cluster_of_a_name_is_a_conflict_while_the_first_one_lives() {
        Org org = given.organization();
        as(org.admin()).post(clusters(org.id()), body("prod-eu")).expect(201);

        as(org.owner()).post(clusters(org.id()), body("prod-eu")).expectProblem(409, "cluster_exists");
        as(org.admin())
                .post(clusters(given.organization().id()), body("prod-eu"))
                .expectProblem(404, "not_found");
    }

    @Test
    void two_organizations_may_use_the_same_name() {
        Org one = given.organization();
        Org other = given.organization();

        as(one.admin()).post(clusters(one.id()), body("prod-eu")).expect(201);
        as(other.admin()).post(clusters(other.id()), body("prod-eu")).expect(201);
    }

    @Test
    void of_two_identical_requests_at_once_one_wins() {
        Org org = given.organization();
        Client owner = as(org.owner());

        List<CompletableFuture<Answer>> requests = IntStream.range(0, 6)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> owner.post(clusters(org.id()), body("prod-eu"))))
                .toList();
        List<Integer> statuses = requests.stream()
                .map(request -> request.join().status())
                .sorted()
                .toList();

        assertThat(statuses).containsExactly(201, 409, 409, 409, 409, 409);
        await(owner, org.id(), "prod-eu", "RUNNING");
        JsonNode approvals =
                owner.get("/api/v1/approvals?entityType=cluster").json().get("items");
        assertThat(approvals).hasSize(1);
    }

    @Test
    void repeated_request_with_an_idempotency_key_creates_once() {
        Org org = given.organization();
        Client admin = as(org.admin());

        Answer first = admin.send("POST", clusters(org.id()), body("prod-eu"), "Idempotency-Key", "k1")
                .expect(201);
        Answer second = admin.send("POST", clusters(org.id()), body("prod-eu"), "Idempotency-Key", "k1")
                .expect(201);

        assertThat(second.json()).isEqualTo(first.json());
        admin.send("POST", clusters(org.id()), body("other"), "Idempotency-Key", "k1")
                .expectProblem(409, "idempotency_key_reused");
        assertThat(admin.get(clusters(org.id())).json().get("items")).hasSize(1);
    }

    @Test
    void running_cluster_is_updated_through_its_provisioner() throws Exception {
        Org org = given.organization();
        Client admin = as(org.admin());
        running(org, "prod-eu");
        Map<String, Object> group = nodeGroup("gpu");
        group.put("max_nodes", 7);

        Answer updating = admin.patch(
                        clusters(org.id()) + "/prod-eu",
                        Map.of("kubernetes_version", "1.32.1", "node_groups", List.of(nodeGroup("workers"), group)))
                .expect(202);

        assertThat(updating.at("/status")).isEqualTo("UPDATING");
        Answer running = await(admin, org.id(), "prod-eu", "RUNNING");
        assertThat(running.at("/kubernetes_version")).isEqualTo("1.32.1");
        assertThat(running.at("/region")).isEqualTo("eu-west-1");
        assertThat(MANIFESTS.resolve(org.id()).resolve("cluster-prod-eu.yaml"))
                .content()
                .contains("v1.32.1", "gpu", "\"7\"");
    }

    @Test
    void patch_merges_what_it_names() {
        Org org = given.organization();
        running(org, "prod-eu");

        as(org.owner())
                .patch(clusters(org.id()) + "/prod-eu", Map.of("kubernetes_version", "1.32"))
                .expect(202);

        Answer running = await(as(org.owner()), org.id(), "prod-eu", "RUNNING");
        assertThat(running.at("/kubernetes_version")).isEqualTo("1.32");
        assertThat(running.at("/node_groups/0/name")).isEqualTo("workers");
    }

    @Test
    void what_cannot_be_changed_is_refused_by_name() {
        Org org = given.organization();
        running(org, "prod-eu");
        String cluster = clusters(org.id()) + "/prod-eu";
        Map<String, Object> changes = Map.of(
                "name", "other",
                "provider", "gcp",
                "region", "eu-central-1",
                "kubernetes_version", "1.30",
                "node_groups", List.of());

        changes.forEach((field, value) -> {
            Answer answer = as(org.owner()).patch(cluster, Map.of(field, value)).expectProblem(422, "invalid_input");
            assertThat(answer.at("/errors/0/field")).isEqualTo(field);
        });
        as(org.owner()).patch(cluster, Map.of("status", "RUNNING")).expectProblem(422, "invalid_input");
        assertThat(as(org.owner()).get(cluster).at("/status")).isEqualTo("RUNNING");
    }

    @Test
    void deleted_cluster_is_gone_from_the_target_and_frees_its_name() {
        Org org = given.organization();
        Client owner = as(org.owner());
        Answer first = running(org, "prod-eu");

        Answer deleting = owner.delete(clusters(org.id()) + "/prod-eu").expect(202);

        assertThat(deleting.at("/status")).isEqualTo("DELETING");
        await(owner, org.id(), "prod-eu", "DELETED");
        assertThat(MANIFESTS.resolve(org.id()).resolve("cluster-prod-eu.yaml")).doesNotExist();
        owner.delete(clusters(org.id()) + "/prod-eu").expectProblem(409, "wrong_state");
        Answer second = owner.post(clusters(org.id()), body("prod-eu")).expect(201);
        assertThat(second.at("/id")).isNotEqualTo(first.at("/id"));
        assertThat(await(owner, org.id(), "prod-eu", "RUNNING").at("/id")).isEqualTo(second.at("/id"));
    }

    @Test
    void list_is_filtered_by_status_and_paged() {
        Org org = given.organization();
        Client admin = as(org.admin());
        running(org, "running");
        for (String name : List.of("a", "b", "c")) {
            admin.post(clusters(org.id()), body(name)).expect(201);
        }

        Answer pending = as(org.viewer())
                .get(clusters(org.id()) + "?status=APPROVAL_PENDING&limit=2")
                .expect(200);
        Answer rest = as(org.viewer())
                .get(clusters(org.id()) + "?status=APPROVAL_PENDING&limit=2&cursor=" + pending.at("/next_cursor"))
                .expect(200);

        assertThat(names(pending)).containsExactly("c", "b");
        assertThat(names(rest)).containsExactly("a");
        assertThat(rest.json().get("next_cursor").isNull()).isTrue();
        assertThat(names(admin.get(clusters(org.id())))).containsExactly("c", "b", "a", "running");
        Answer bad = admin.get(clusters(org.id()) + "?status=pending").expectProblem(422, "invalid_input");
        assertThat(bad.at("/errors/0/field")).isEqualTo("status");
        admin.get(clusters(org.id()) + "?limit=101").expectProblem(422, "invalid_input");
        admin.get(clusters(org.id()) + "?cursor=x").expectProblem(422, "invalid_input");
    }

    @Test
    void unknown_cluster_is_not_found() {
        Org org = given.organization();

        as(org.owner()).get(clusters(org.id()) + "/nothing").expectProblem(404, "not_found");
        as(org.owner()).patch(clusters(org.id()) + "/nothing", Map.of()).expectProblem(404, "not_found");
        as(org.owner()).delete(clusters(org.id()) + "/nothing").expectProblem(404, "not_found");
        as(org.owner()).post(clusters(org.id()) + "/nothing/retry", null).expectProblem(404, "not_found");
    }

    @Test
    void change_that_needs_approval_is_answered_with_it_and_changes_nothing() {
        Org org = given.organization();
        running(org, "prod-eu");
        as(org.owner())
                .putPolicy(
                        "/api/v1/orgs/" + org.id() + "/policies/cluster?action=update",
                        List.of(Map.of("order", 1, "required_permission", "cluster.approve", "team_scope", "any")))
                .expect(200);

        Answer asked = as(org.admin())
                .patch(clusters(org.id()) + "/prod-eu", Map.of("kubernetes_version", "1.32"))
                .expect(202);

        assertThat(asked.at("/status")).isEqualTo("APPROVAL_PENDING");
        assertThat(asked.at("/kubernetes_version")).isEqualTo("1.31");
        Answer approval = as(org.owner())
                .get("/api/v1/approvals/" + asked.at("/approval_id"))
                .expect(200);
        assertThat(approval.at("/action")).isEqualTo("update");
        assertThat(approval.at("/content/kubernetes_version")).isEqualTo("1.32");
        approve(as(org.owner()), asked.at("/approval_id")).expect(200);
        assertThat(await(as(org.admin()), org.id(), "prod-eu", "RUNNING").at("/kubernetes_version"))
                .isEqualTo("1.32");
    }

    @Test
    void everything_is_in_the_trail() {
        Org org = given.organization();
        running(org, "prod-eu");
        as(org.owner())
                .patch(clusters(org.id()) + "/prod-eu", Map.of("kubernetes_version", "1.32"))
                .expect(202);
        await(as(org.owner()), org.id(), "prod-eu", "RUNNING");
        as(org.owner()).delete(clusters(org.id()) + "/prod-eu").expect(202);
        await(as(org.owner()), org.id(), "prod-eu", "DELETED");

        JsonNode trail = as(org.owner())
                .get("/api/v1/audit?entity_type=cluster&entity_id=prod-eu&limit=50")
                .expect(200)
                .json()
                .get("items");

        assertThat(trail)
                .extracting(entry -> entry.get("action").asText() + " by "
                        + entry.get("actor").asText())
                .containsExactly(
                        "deleted by system",
                        "release by " + org.owner(),
                        "delete by " + org.owner(),
                        "submit by " + org.owner(),
                        "running by system",
                        "release by " + org.owner(),
                        "update by " + org.owner(),
                        "submit by " + org.owner(),
                        "running by system",
                        "provision by " + org.owner(),
                        "create by " + org.owner(),
                        "submit by " + org.owner());
    }

    /** Requests a cluster as the owner and waits until it runs. */
    private Answer running(Org org, String name) {
        as(org.owner()).post(clusters(org.id()), body(name)).expect(201);
        return await(as(org.owner()), org.id(), name, "RUNNING");
    }

    private static List<String> names(Answer list) {
        List<String> names = new ArrayList<>();
        list.json().get("items").forEach(item -> names.add(item.get("name").asText()));
        return names;
    }

    private static Arguments bad(String field, Consumer<Map<String, Object>> change) {
        Map<String, Object> body = body("prod-eu");
        change.accept(body);
        return Arguments.of(field, body);
    }

    private static Arguments badGroup(String field, Consumer<Map<String, Object>> change) {
        Map<String, Object> group = new HashMap<>(nodeGroup("workers"));
        change.accept(group);
        return bad("node_groups[0]." + field, body -> body.put("node_groups", List.of(group)));
    }
}
