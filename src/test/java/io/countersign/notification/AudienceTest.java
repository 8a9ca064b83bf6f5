package io.countersign.notification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.redirectedUrl;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.Client;
import io.countersign.Fixtures.Org;
import io.countersign.approval.Approval;
import io.countersign.approval.Policy;
import io.countersign.approval.WaitingPolicy;
import io.countersign.cluster.ClusterRequests;
import io.countersign.gateway.RouteRequests;
import io.countersign.identity.Permission;
import io.countersign.identity.ProjectRole;
import io.countersign.identity.Scope;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** Who of those who may decide is asked to, where a policy says so or they are many. */
class AudienceTest extends MailTest {

    private static final int CROWD = 60;

    @Test
    void fifty_of_more_are_asked_and_all_may_decide() {
        Org org = given.organization();
        List<String> crowd = owners(org, CROWD);

        Approval request = request(org, null);

        JsonNode shown = show(org.admin(), request);
        assertThat(shown.get("asked")).hasSize(50);
        assertThat(shown.get("may_decide")).hasSize(CROWD + 1 - 50);
        String other = shown.at("/may_decide/0").asText();
        assertThat(crowd).contains(other);
        decide(other, request);
    }

    @Test
    void up_to_fifty_are_all_asked() {
        Org org = given.organization();
        owners(org, 49);

        assertThat(show(org.admin(), request(org, null)).get("asked")).hasSize(50);
    }

    @Test
    void who_decided_last_is_among_the_few_who_are_asked_then() {
        Org org = given.organization();
        List<String> crowd = owners(org, CROWD);
        String decider = crowd.get(37);
        decide(decider, request(org, null));

        JsonNode asked = show(org.admin(), request(org, "last_deciders")).get("asked");

        assertThat(asked).hasSize(10);
        assertThat(names(asked)).contains(decider);
    }

    @Test
    void who_cannot_be_told_takes_nobody_elses_place() {
        Org org = given.organization();
        List<String> crowd = owners(org, CROWD);
        jdbc.sql("update users set email_confirmed = false where id = any (?)")
                .param(crowd.subList(5, CROWD).toArray(String[]::new))
                .update();

        JsonNode asked = show(org.admin(), request(org, "last_deciders")).get("asked");

        assertThat(names(asked)).hasSize(6).containsAll(crowd.subList(0, 5)).contains(org.owner());
    }

    @Test
    void everybody_is_asked_if_the_policy_wants_that() {
        Org org = given.organization();
        owners(org, CROWD);

        assertThat(show(org.admin(), request(org, "all")).get("asked")).hasSize(CROWD + 1);
    }

    @Test
    void only_the_submitters_team_is_asked_if_the_policy_wants_that() {
        String owner = given.person("owner");
        String project = given.project(owner);
        given.team(project, "payments");
        String approver = given.member(project, ProjectRole.APPROVER, "payments");
        String other = given.member(project, ProjectRole.APPROVER, "web");
        String submitter = given.member(project, ProjectRole.EDITOR, "payments");

        Approval request = given.request(
                RouteRequests.TYPE, Scope.project(project), submitter, policy(Permission.ROUTE_APPROVE, "team"));

        JsonNode shown = show(submitter, request);
        assertThat(names(shown.get("asked"))).containsExactly(approver);
        assertThat(names(shown.get("may_decide"))).contains(other, owner);
    }

    @Test
    void policy_says_who_is_told_and_keeps_it_until_it_says_otherwise() {
        Org org = given.organization();
        Client owner = as(org.owner());
        String path = "/api/v1/orgs/" + org.id() + "/policies/cluster";
        List<?> stages = List.of(Map.of("order", 1, "required_permission", "cluster.approve", "team_scope", "any"));

        assertThat(owner.putPolicy(path, Map.of("stages", stages, "notify", "last_deciders"))
                        .expect(200)
                        .at("/notify"))
                .isEqualTo("last_deciders");
        owner.putPolicy(path, stages).expect(200);
        assertThat(owner.get(path).expect(200).at("/notify")).isEqualTo("last_deciders");
        assertThat(jdbc.sql("""
                                select details::text from audit_entries
                                where entity_type = 'approval_policy' and entity_id = ? order by id limit 1""")
                        .param(org.id() + "/cluster")
                        .query(String.class)
                        .single())
                .contains("last_deciders");

        assertThat(owner.putPolicy(path, Map.of("stages", stages, "notify", "team"))
                        .expectProblem(422, "invalid_input")
                        .at("/errors/0/field"))
                .isEqualTo("notify");
    }

    @Test
    void policy_form_says_who_is_told() throws Exception {
        Org org = given.organization();
        String path = "/orgs/" + org.id() + "/policies";
        String version = as(org.owner())
                .get("/api/v1" + path + "/cluster")
                .expect(200)
                .raw()
                .headers()
                .firstValue("ETag")
                .orElseThrow()
                .replace("\"", "");

        pages().perform(post(path + "/cluster/edit")
                        .with(signedInAs(org.owner()))
                        .with(csrf())
                        .param("version", version)
                        .param("stages[0].requiredPermission", "cluster.approve")
                        .param("stages[0].teamScope", "any")
                        .param("stages[0].minApprovers", "1")
                        .param("notify", "last_deciders"))
                .andExpect(redirectedUrl(path));

        pages().perform(get(path).with(signedInAs(org.owner())))
                .andExpect(content().string(containsString("the ten who decided last")));
    }

    private Approval request(Org org, String notify) {
        return given.request(
                ClusterRequests.TYPE, org.scope(), org.admin(), policy(Permission.CLUSTER_APPROVE, notify));
    }

    private static Policy policy(Permission permission, String notify) {
        return new Policy(
                Policy.singleStage(permission).stages(), false, new WaitingPolicy(null, null, null, null, notify));
    }

    private static void decide(String person, Approval request) {
        as(person)
                .post(
                        "/api/v1/approvals/" + request.id() + "/stages/"
                                + request.stages().get(0).id() + "/approve",
                        Map.of())
                .expect(200);
    }

    private List<String> owners(Org org, int count) {
        List<String> people =
                IntStream.range(0, count).mapToObj(n -> given.person("owner")).toList();
        jdbc.sql("""
                        insert into members (scope, user_id, role)
                        select 'organization:' || ?, id, 'owner' from unnest(?::text[]) as p (id)""").params(org.id(), people.toArray(String[]::new)).update();
        return people;
    }

    /** @return the request as soon as the mails about it are out */
    private JsonNode show(String reader, Approval approval) {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> jdbc.sql("""
                        select count(*) = 0 from notification_deliveries
                        where approval_id = ? and status = 'queued'""")
                        .param(approval.id().value())
                        .query(Boolean.class)
                        .single());
        return as(reader).get("/api/v1/approvals/" + approval.id()).expect(200).json();
    }

    private static List<String> names(JsonNode people) {
        return StreamSupport.stream(people.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }
}
