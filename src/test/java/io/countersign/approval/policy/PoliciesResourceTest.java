package io.countersign.approval.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.Client;
import io.countersign.Fixtures;
import io.countersign.ServerTest;
import io.countersign.approval.Approval;
import io.countersign.gateway.RouteRequests;
import io.countersign.identity.OrganizationRole;
import io.countersign.identity.ProjectRole;
import io.countersign.identity.Scope;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PoliciesResourceTest extends ServerTest {

    private String project;
    private String owner;
    private String editor;
    private String admin;
    private String approver;

    @BeforeEach
    void project() {
        owner = given.person("owner");
        project = given.project(owner);
        given.team(project, "payments");
        editor = given.member(project, ProjectRole.EDITOR, "web");
        admin = given.member(project, ProjectRole.ADMIN, "web");
        approver = given.member(project, ProjectRole.APPROVER, "web");
        given.member(project, ProjectRole.APPROVER, "payments");
    }

    @Test
    void policy_says_what_happens_to_requests_that_wait_long() {
        Map<String, Object> body = new HashMap<>(Map.of(
                "stages",
                List.of(stage(1)),
                "remind_after",
                "P1D",
                "escalate_after",
                "P3D",
                "escalate_to",
                "role:owner",
                "valid_for",
                "P7D"));
        as(owner).putPolicy(path("route"), body).expect(200);
        assertThat(general("route").get("escalate_to").asText()).isEqualTo("role:owner");

        as(owner).putPolicy(path("route"), List.of(stage(1), stage(2))).expect(200);
        assertThat(general("route").get("valid_for").asText())
                .as("a plain array leaves it")
                .isEqualTo("P7D");
        body.put("valid_for", null);
        as(owner).putPolicy(path("route"), body).expect(200);
        assertThat(general("route").get("valid_for").isNull()).isTrue();
    }

    @Test
    void policy_is_told_as_the_object_that_sets_it() {
        as(owner)
                .putPolicy(
                        path("route"),
                        Map.of("stages", List.of(stage(1), stage(2)), "distinct_approvers", true, "valid_for", "P7D"))
                .expect(200);

        Client.Answer told = as(editor).get(path("route")).expect(200);
        Client.Answer set = as(owner).putPolicy(path("route"), told.text()).expect(200);

        assertThat(told.json().fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder(
                        "stages",
                        "distinct_approvers",
                        "remind_after",
                        "escalate_after",
                        "escalate_to",
                        "valid_for",
                        "notify",
                        "binds_owners");
        assertThat(told.at("/valid_for")).isEqualTo("P7D");
        assertThat(told.json().get("distinct_approvers").asBoolean()).isTrue();
        assertThat(set.json()).isEqualTo(told.json());
        assertThat(tag(set)).isEqualTo(tag(told));
    }

    @Test
    void policy_is_changed_only_by_who_has_seen_the_present_one() {
        String seen = tag(as(owner).get(path("route")).expect(200));

        as(owner).put(path("route"), List.of(stage(1), stage(2))).expectProblem(428, "precondition_required");
        put(owner, List.of(stage(1), stage(2)), "no-quotes").expectProblem(422, "invalid_input");
        put(owner, List.of(stage(1), stage(2)), "W/" + seen).expectProblem(412, "precondition_failed");
        Client.Answer changed = put(owner, List.of(stage(1), stage(2)), seen).expect(200);
        put(admin, List.of(stage(1)), seen).expectProblem(412, "precondition_failed");

        assertThat(tag(changed)).isNotEqualTo(seen).isEqualTo(tag(as(editor).get(path("route"))));
        assertThat(as(editor).get(path("route")).json().get("stages")).hasSize(2);
        put(editor, List.of(stage(1)), seen).expectProblem(403, "missing_permission");
        put(admin, List.of(stage(1)), "\"other\", " + tag(changed)).expect(200);
        assertThat(put(admin, List.of(stage(1), stage(2)), "*")
                        .expectProblem(422, "invalid_input")
                        .at("/errors/0/field"))
                .isEqualTo("If-Match");
    }

    @Test
    void of_many_changes_at_the_same_instant_one_counts_and_the_others_are_told() throws Exception {
        String seen = tag(as(owner).get(path("route")).expect(200));

        List<Integer> answers = atOnce(IntStream.range(0, 8)
                .<Callable<Integer>>mapToObj(i -> () ->
                        put(i % 2 == 0 ? owner : admin, stages(2 + i % 8), seen).status())
                .toList());

        assertThat(answers).containsOnly(200, 412).containsOnlyOnce(200);
    }

    @Test
    void trail_tells_what_a_change_replaced_even_if_others_come_at_the_same_instant() throws Exception {
        List<Integer> answers = atOnce(IntStream.range(0, 8)
                .<Callable<Integer>>mapToObj(i -> () -> putUntilSeen(stages(2 + i % 8)))
                .toList());

        assertThat(answers).containsOnly(200);
        JsonNode trail = as(owner)
                .get("/api/v1/audit?entity_type=approval_policy&entity_id=" + project + "/route&limit=20")
                .expect(200)
                .json()
                .get("items");
        assertThat(trail).hasSize(8);
        for (int i = 0; i < 7; i++) {
            assertThat(trail.get(i).get("before")).isEqualTo(trail.get(i + 1).get("after"));
        }
    }

    @Test
    void policy_of_an_action_is_dropped_only_by_who_has_seen_the_present_one() {
        String inherited = tag(as(owner).get(path("route") + "?action=delete").expect(200));
        as(owner).putPolicy(path("route") + "?action=delete", stages(2)).expect(200);

        as(owner)
                .send("DELETE", path("route") + "?action=delete", null, "If-Match", inherited)
                .expectProblem(412, "precondition_failed");
        as(owner)
                .send("DELETE", path("route") + "?action=delete", null, "If-Match", "*")
                .expectProblem(422, "invalid_input");
        as(owner).delete(path("route") + "?action=delete").expectProblem(428, "precondition_required");
        as(editor).delete(path("route") + "?action=delete").expectProblem(403, "missing_permission");
        as(owner).dropPolicy(path("route") + "?action=delete").expect(204);
    }

    /** Does all at once, as far as that can be. */
    private static List<Integer> atOnce(List<Callable<Integer>> deeds) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(deeds.size());
        try {
            List<Integer> results = new ArrayList<>();
            for (Future<Integer> result : threads.invokeAll(deeds)) {
                results.add(result.get());
            }
            return results;
        } finally {
            threads.shutdownNow();
        }
    }

    /** Reads the policy and changes it, again as long as somebody else was faster. */
    private int putUntilSeen(Object body) {
        int status;
        do {
            status = as(owner).putPolicy(path("route"), body).status();
        } while (status == 412);
        return status;
    }

    private Client.Answer put(String person, Object body, String seen) {
        return as(person).send("PUT", path("route"), body, "If-Match", seen);
    }

    private static List<Map<String, Object>> stages(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(PoliciesResourceTest::stage)
                .toList();
    }

    private static String tag(Client.Answer answer) {
        return answer.raw().headers().firstValue("ETag").orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({
        "remind_after,   soon,           remind_after",
        "valid_for,      PT0S,           valid_for",
        "escalate_to,    role:owner,     escalate_to",
        "escalate_after, P1D,            escalate_to",
    })
    void broken_rule_about_waiting_names_its_field(String field, String value, String named) {
        var answer = as(owner)
                .putPolicy(path("route"), Map.of("stages", List.of(stage(1)), field, value))
                .expectProblem(422, "invalid_input");

        assertThat(answer.at("/errors/0/field")).isEqualTo(named);
    }

    @Test
    void group_to_escalate_to_must_have_members() {
        as(owner)
                .putPolicy(
                        path("route"),
                        Map.of("stages", List.of(stage(1)), "escalate_after", "P1D", "escalate_to", "team:nobody"))
                .expectProblem(422, "invalid_input");
    }

    @Test
    void organization_sets_the_policy_of_its_clusters_and_requests_follow_it() {
        Fixtures.Org org = given.organization();
        String second = given.person("owner");
        given.member(org.id(), second, OrganizationRole.OWNER);
        String policy = "/api/v1/orgs/" + org.id() + "/policies/cluster";

        as(org.owner())
                .putPolicy(
                        policy,
                        Map.of(
                                "stages",
                                List.of(clusterStage(1, "any"), clusterStage(2, "any")),
                                "distinct_approvers",
                                true,
                                "remind_after",
                                "P1D"))
                .expect(200);

        assertThat(as(org.viewer()).get(policy).expect(200).json().get("stages"))
                .hasSize(2);
        String approval = as(org.admin())
                .post("/api/v1/orgs/" + org.id() + "/clusters", cluster())
                .expect(201)
                .at("/approval_id");
        assertThat(as(org.admin())
                        .get("/api/v1/approvals/" + approval)
                        .expect(200)
                        .json()
                        .get("stages"))
                .hasSize(2);
        as(org.admin()).putPolicy(policy, List.of(clusterStage(1, "any"))).expectProblem(403, "missing_permission");
        as(owner).putPolicy(policy, List.of(clusterStage(1, "any"))).expectProblem(404, "not_found");
        as(owner).get(policy).expectProblem(404, "not_found");
    }

    @Test
    void organizations_policy_knows_neither_teams_nor_permissions_of_projects() {
        Fixtures.Org org = given.organization();
        String policy = "/api/v1/orgs/" + org.id() + "/policies/cluster";
        Map<String, Object> routeStage = new HashMap<>(clusterStage(1, "any"));
        routeStage.put("required_permission", "route.approve");

        assertThat(as(org.owner())
                        .putPolicy(policy, List.of(clusterStage(1, "other_team")))
                        .expectProblem(422, "invalid_input")
                        .at("/errors/0/field"))
                .isEqualTo("[0].team_scope");
        assertThat(as(org.owner())
                        .putPolicy(policy, List.of(routeStage))
                        .expectProblem(422, "invalid_input")
                        .at("/errors/0/field"))
                .isEqualTo("[0].required_permission");
        as(org.owner())
                .putPolicy("/api/v1/orgs/" + org.id() + "/policies/route", List.of(clusterStage(1, "any")))
                .expectProblem(404, "not_found");
    }

    @Test
    void organization_asks_for_approval_of_growth_and_binds_its_owners() {
        Fixtures.Org org = given.organization();
        given.member(org.id(), given.person("owner"), OrganizationRole.OWNER);
        String policy = "/api/v1/orgs/" + org.id() + "/policies/cluster?action=update";
        assertThat(as(org.viewer()).get(policy).expect(200).json().get("stages"))
                .isEmpty();

        assertThat(as(org.owner())
                        .putPolicy(policy, Map.of("stages", List.of(clusterStage(1, "any")), "binds_owners", true))
                        .expect(200)
                        .at("/binds_owners"))
                .isEqualTo("true");

        JsonNode listed = as(org.viewer())
                .get("/api/v1/orgs/" + org.id() + "/policies")
                .expect(200)
                .json()
                .get("items");
        assertThat(listed).extracting(entry -> entry.get("action").asText()).containsExactly("null", "update");
        as(org.owner()).dropPolicy(policy).expect(204);
        assertThat(as(org.viewer()).get(policy).expect(200).json().get("stages"))
                .isEmpty();
    }

    @Test
    void general_policy_of_clusters_is_for_new_ones_alone() {
        Fixtures.Org org = given.organization();
        as(org.owner())
                .putPolicy("/api/v1/orgs/" + org.id() + "/policies/cluster", List.of(clusterStage(1, "any")))
                .expect(200);

        assertThat(as(org.owner())
                        .get("/api/v1/orgs/" + org.id() + "/policies/cluster?action=delete")
                        .expect(200)
                        .json()
                        .get("stages"))
                .isEmpty();
    }

    @Test
    void policy_that_binds_an_only_owner_is_refused() {
        Fixtures.Org org = given.organization();

        assertThat(as(org.owner())
                        .putPolicy(
                                "/api/v1/orgs/" + org.id() + "/policies/cluster",
                                Map.of("stages", List.of(clusterStage(1, "any")), "binds_owners", true))
                        .expectProblem(422, "invalid_input")
                        .at("/errors/0/field"))
                .isEqualTo("binds_owners");
    }

    @Test
    void policies_of_projects_bind_no_owners() {
        assertThat(as(owner)
                        .putPolicy(
                                "/api/v1/projects/" + project + "/policies/route",
                                Map.of(
                                        "stages",
                                        List.of(Map.of("order", 1, "required_permission", "route.approve")),
                                        "binds_owners",
                                        true))
                        .expectProblem(422, "invalid_input")
                        .json()
                        .findValuesAsText("field"))
                .contains("binds_owners");
    }

    @Test
    void approvals_of_clusters_lapse_and_those_of_tenants_do_not() {
        Fixtures.Org org = given.organization();
        Map<String, Object> tenantStage = Map.of("order", 1, "required_permission", "tenant.approve");

        assertThat(as(org.owner())
                        .putPolicy(
                                "/api/v1/orgs/" + org.id() + "/policies/cluster",
                                Map.of("stages", List.of(clusterStage(1, "any")), "valid_for", "P7D"))
                        .expect(200)
                        .at("/valid_for"))
                .isEqualTo("P7D");
        assertThat(as(given.superadmin())
                        .putPolicy(
                                "/api/v1/policies/tenant", Map.of("stages", List.of(tenantStage), "valid_for", "P7D"))
                        .expectProblem(422, "invalid_input")
                        .at("/errors/0/field"))
                .isEqualTo("valid_for");
    }

    @Test
    void superadmins_alone_see_and_set_the_policy_of_tenants() {
        as(owner).get("/api/v1/policies").expectProblem(403, "missing_permission");
        as(owner)
                .putPolicy("/api/v1/policies/tenant", List.of(clusterStage(1, "any")))
                .expectProblem(403, "missing_permission");

        assertThat(stages(as(given.superadmin())
                        .get("/api/v1/policies/tenant")
                        .expect(200)
                        .json()))
                .containsExactly("1 tenant.approve any 1");
    }

    private static Map<String, Object> clusterStage(int order, String teamScope) {
        return Map.of("order", order, "required_permission", "cluster.approve", "team_scope", teamScope);
    }

    private static Map<String, Object> cluster() {
        return Map.of(
                "name",
                "prod-eu",
                "provider",
                "aws",
                "region",
                "eu-west-1",
                "kubernetes_version",
                "1.31",
                "node_groups",
                List.of(Map.of(
                        "name", "workers", "min_nodes", 1, "max_nodes", 3, "machine_types", List.of("t3.large"))));
    }

    private JsonNode general(String type) {
        for (JsonNode policy : as(owner)
                .get("/api/v1/projects/" + project + "/policies")
                .expect(200)
                .json()
                .get("items")) {
            if (policy.get("entity_type").asText().equals(type)
                    && policy.get("action").isNull()) {
                return policy;
            }
        }
        throw new AssertionError("No policy for " + type);
    }

    @Test
    void new_project_has_the_references_policies() {
        JsonNode route = as(editor).get(path("route")).expect(200).json();
        JsonNode attachment =
                as(editor).get(path("client_attachment")).expect(200).json();

        assertThat(stages(route)).containsExactly("1 route.approve any 1");
        assertThat(stages(attachment)).containsExactly("1 client.approve other_team 1", "2 client.approve any 1");
        JsonNode all = as(editor)
                .get("/api/v1/projects/" + project + "/policies")
                .expect(200)
                .json();
        assertThat(all.at("/items")).hasSize(2);
        assertThat(all.at("/items/1/entity_type").asText()).isEqualTo("client_attachment");
        assertThat(all.at("/items/1/distinct_approvers").asBoolean()).isFalse();
    }

    @Test
    void owner_and_admin_change_a_policy_and_nobody_else() {
        for (String person : List.of(owner, admin)) {
            as(person).putPolicy(path("route"), List.of(stage(1), stage(2))).expect(200);
        }
        for (String person : List.of(editor, approver)) {
            as(person).putPolicy(path("route"), List.of(stage(1))).expectProblem(403, "missing_permission");
        }
        as(given.person("stranger")).putPolicy(path("route"), List.of(stage(1))).expectProblem(404, "not_found");
        as(given.person("stranger")).get(path("route")).expectProblem(404, "not_found");
        assertThat(as(editor).get(path("route")).json().get("stages")).hasSize(2);
    }

    @Test
    void policy_has_up_to_ten_stages_in_any_order_of_the_body() {
        List<Map<String, Object>> stages = new ArrayList<>();
        for (int order = 10; order >= 1; order--) {
            stages.add(stage(order));
        }

        JsonNode saved = as(owner).putPolicy(path("route"), stages).expect(200).json();

        assertThat(saved.get("stages")).hasSize(10);
        assertThat(saved.at("/stages/0/order").asInt()).isEqualTo(1);
        stages.add(stage(11));
        assertThat(as(owner)
                        .putPolicy(path("route"), stages)
                        .expectProblem(422, "invalid_input")
                        .at("/errors/0/field"))
                .isEqualTo("stages");
        as(owner).putPolicy(path("route"), List.of()).expectProblem(422, "invalid_input");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[0].order               | [{'order': 2, 'required_permission': 'route.approve', 'team_scope': 'any'}]",
                "[0].order               | [{'required_permission': 'route.approve', 'team_scope': 'any'}]",
                "[0].order               | [{'order': '1', 'required_permission': 'route.approve', 'team_scope': 'any'}]",
                "[0].required_permission | [{'order': 1, 'required_permission': 'route.create', 'team_scope': 'any'}]",
                "[0].required_permission | [{'order': 1, 'required_permission': 'cluster.approve', 'team_scope': 'any'}]",
                "[0].required_permission | [{'order': 1, 'team_scope': 'any'}]",
                "[0].team_scope          | [{'order': 1, 'required_permission': 'route.approve', 'team_scope': 'mine'}]",
                "[0].team_scope          | [{'order': 1, 'required_permission': 'route.approve'}]",
                "[0].min_approvers       | [{'order': 1, 'required_permission': 'route.approve', 'team_scope': 'any', 'min_approvers': 0}]",
                "[0].min_approvers       | [{'order': 1, 'required_permission': 'route.approve', 'team_scope': 'any', 'min_approvers': null}]",
                "[0].colour              | [{'order': 1, 'required_permission': 'route.approve', 'team_scope': 'any', 'colour': 1}]",
                "[0]                     | ['route.approve']",
                "stages                  | 5",
                "stages                  | {}",
                "stages[0].team_scope    | {'stages': [{'order': 1, 'required_permission': 'route.approve', 'team_scope': 'x'}]}",
                "distinct_approvers      | {'distinct_approvers': 1, 'stages': [{'order': 1, 'required_permission': 'route.approve', 'team_scope': 'any'}]}",
                "distinct                | {'distinct': true, 'stages': [{'order': 1, 'required_permission': 'route.approve', 'team_scope': 'any'}]}",
            })
    void broken_rule_is_named_with_its_field(String field, String body) {
        JsonNode problem = as(owner)
                .putPolicy(path("route"), body.replace('\'', '"'))
                .expectProblem(422, "invalid_input")
                .json();

        assertThat(problem.get("errors")).hasSize(1);
        assertThat(problem.at("/errors/0/field").asText()).isEqualTo(field);
    }

    @Test
    void second_stage_of_the_same_order_is_named() {
        JsonNode problem = as(owner)
                .putPolicy(path("route"), List.of(stage(1), stage(1)))
                .expectProblem(422, "invalid_input")
                .json();

        assertThat(problem.at("/errors/0/field").asText()).isEqualTo("[1].order");
    }

    @Test
    void action_may_have_a_policy_of_its_own_until_it_is_dropped() {
        as(owner)
                .putPolicy(path("route") + "?action=delete", List.of(stage(1), stage(2)))
                .expect(200);

        assertThat(as(editor).get(path("route") + "?action=delete").json().get("stages"))
                .hasSize(2);
        assertThat(as(editor).get(path("route") + "?action=create").json().get("stages"))
                .hasSize(1);
        as(owner).dropPolicy(path("route") + "?action=delete").expect(204);
        assertThat(as(editor).get(path("route") + "?action=delete").json().get("stages"))
                .hasSize(1);
        as(owner).dropPolicy(path("route") + "?action=delete").expectProblem(404, "not_found");
        as(owner).putPolicy(path("route") + "?action=attach", List.of(stage(1))).expectProblem(422, "invalid_input");
    }

    @Test
    void request_under_way_keeps_its_copy() {
        Approval request =
                given.request(RouteRequests.TYPE, Scope.project(project), editor, new RouteRequests().defaultPolicy());

        as(owner)
                .putPolicy(path("route"), List.of(stage(1), stage(2), stage(3)))
                .expect(200);

        assertThat(as(owner).get("/api/v1/approvals/" + request.id()).json().get("stages"))
                .hasSize(1);
    }

    @Test
    void other_team_is_refused_where_there_is_no_other_team() {
        String person = given.person("owner");
        String lonely = given.project(person);
        given.member(lonely, ProjectRole.APPROVER, "web");
        given.member(lonely, ProjectRole.EDITOR, "web");

        String detail = as(person)
                .putPolicy(
                        "/api/v1/projects/" + lonely + "/policies/client_attachment",
                        List.of(Map.of(
                                "order", 1, "required_permission", "client.approve", "team_scope", "other_team")))
                .expectProblem(422, "invalid_input")
                .at("/detail");

        assertThat(detail).contains("can be satisfied by nobody", "only one team");
    }

    @Test
    void more_approvers_than_there_are_people_are_refused() {
        // Two approvers, an admin and the owner hold route.approve.
        assertThat(minApprovers(4).status()).isEqualTo(200);
        assertThat(minApprovers(5).expectProblem(422, "invalid_input").at("/detail"))
                .contains("needs 5 people", "only 4");
    }

    @Test
    void more_distinct_people_than_there_are_are_refused() {
        List<Map<String, Object>> five =
                Stream.of(1, 2, 3, 4, 5).map(PoliciesResourceTest::stage).toList();

        as(owner).putPolicy(path("route"), Map.of("stages", five)).expect(200);
        Client.Answer distinct = as(owner).putPolicy(path("route"), Map.of("stages", five, "distinct_approvers", true));
        assertThat(distinct.expectProblem(422, "invalid_input").at("/detail")).contains("5 distinct people");
        as(owner)
                .putPolicy(path("route"), Map.of("stages", five.subList(0, 4), "distinct_approvers", true))
                .expect(200);
        // An array says nothing of distinct people, so it leaves that as it is.
        as(owner).putPolicy(path("route"), five).expectProblem(422, "invalid_input");
    }

    private Client.Answer minApprovers(int count) {
        return as(owner)
                .putPolicy(
                        path("route"),
                        List.of(Map.of(
                                "order",
                                1,
                                "required_permission",
                                "route.approve",
                                "team_scope",
                                "any",
                                "min_approvers",
                                count)));
    }

    private String path(String entityType) {
        return "/api/v1/projects/" + project + "/policies/" + entityType;
    }

    private static Map<String, Object> stage(int order) {
        return Map.of("order", order, "required_permission", "route.approve", "team_scope", "any");
    }

    private static List<String> stages(JsonNode policy) {
        List<String> lines = new ArrayList<>();
        policy.get("stages")
                .forEach(stage -> lines.add(stage.get("order").asText() + " "
                        + stage.get("required_permission").asText() + " "
                        + stage.get("team_scope").asText() + " "
                        + stage.get("min_approvers").asText()));
        return lines;
    }
}
