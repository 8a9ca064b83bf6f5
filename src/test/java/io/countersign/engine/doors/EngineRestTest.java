package io.countersign.engine.doors;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.Fixtures.Org;
import io.countersign.ServerTest;
import io.countersign.approval.Approval;
import io.countersign.approval.Policy;
import io.countersign.cluster.ClusterRequests;
import io.countersign.gateway.AttachmentRequests;
import io.countersign.identity.Permission;
import io.countersign.identity.ProjectRole;
import io.countersign.identity.Scope;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The engine's own REST API is one more way in, held to the same rules. */
class EngineRestTest extends ServerTest {

    private static final Policy ONE_OWNER = Policy.singleStage(Permission.CLUSTER_APPROVE);

    @Test
    void owner_decides_by_completing_the_task() {
        Org org = given.organization();
        Approval request = given.request(ClusterRequests.TYPE, org.scope(), org.admin(), ONE_OWNER);

        as(org.owner())
                .post("/engine-rest/task/" + onlyTask(org.owner()) + "/complete", decision("approve", "fine"))
                .expect(204);

        JsonNode approval =
                as(org.owner()).get("/api/v1/approvals/" + request.id()).json();
        assertThat(approval.at("/status").asText()).isEqualTo("approved");
        assertThat(approval.at("/stages/0/decided_by").asText()).isEqualTo(org.owner());
        assertThat(approval.at("/stages/0/comment").asText()).isEqualTo("fine");
        assertThat(approval.at("/stages/0/decisions/0/origin").asText()).isEqualTo("engine-rest");
    }

    @Test
    void task_shows_up_for_those_who_may_decide_and_for_nobody_else() {
        Org org = given.organization();
        given.request(ClusterRequests.TYPE, org.scope(), org.admin(), ONE_OWNER);

        assertThat(as(org.owner()).get("/engine-rest/task").json()).hasSize(1);
        assertThat(as(org.admin()).get("/engine-rest/task").json()).isEmpty();
        assertThat(as(org.developer()).get("/engine-rest/task").json()).isEmpty();
        assertThat(as(given.person("stranger")).get("/engine-rest/task").json()).isEmpty();
    }

    @Test
    void changed_membership_takes_effect_at_once() {
        Org org = given.organization();
        given.request(ClusterRequests.TYPE, org.scope(), org.admin(), ONE_OWNER);

        as(org.owner())
                .put("/api/v1/orgs/" + org.id() + "/members/" + org.viewer(), Map.of("role", "owner"))
                .expect(200);
        assertThat(as(org.viewer()).get("/engine-rest/task").json()).hasSize(1);

        as(org.owner())
                .put("/api/v1/orgs/" + org.id() + "/members/" + org.viewer(), Map.of("role", "viewer"))
                .expect(200);
        assertThat(as(org.viewer()).get("/engine-rest/task").json()).isEmpty();
    }

    @Test
    void task_of_a_cross_team_stage_is_in_the_inbox_of_the_other_team_and_the_owners() {
        String owner = given.person("owner");
        String project = given.project(owner);
        given.team(project, "payments");
        String editor = given.member(project, ProjectRole.EDITOR, "web");
        String sameTeam = given.member(project, ProjectRole.APPROVER, "web");
        String otherTeam = given.member(project, ProjectRole.APPROVER, "payments");
        given.request(
                AttachmentRequests.TYPE, Scope.project(project), editor, new AttachmentRequests().defaultPolicy());

        assertThat(as(otherTeam).get("/engine-rest/task").json()).hasSize(1);
        assertThat(as(owner).get("/engine-rest/task").json()).hasSize(1);
        assertThat(as(sameTeam).get("/engine-rest/task").json()).isEmpty();
        JsonNode links = as(otherTeam)
                .get("/engine-rest/task/" + onlyTask(otherTeam) + "/identity-links")
                .json();
        assertThat(links).hasSizeLessThanOrEqualTo(3);
    }

    @Test
    void submitter_who_is_an_owner_is_refused_with_the_rules_words() {
        Org org = given.organization();
        Approval request = given.request(ClusterRequests.TYPE, org.scope(), org.owner(), ONE_OWNER);

        var answer = as(org.owner())
                .post("/engine-rest/task/" + onlyTask(org.owner()) + "/complete", decision("approve", null))
                .expect(403);

        assertThat(answer.text()).contains("self_approval").doesNotContain("Exception while");
        assertThat(status(request, org.owner())).isEqualTo("pending");
    }

    @Test
    void decision_that_is_missing_or_unknown_decides_nothing() {
        Org org = given.organization();
        Approval request = given.request(ClusterRequests.TYPE, org.scope(), org.admin(), ONE_OWNER);
        String task = "/engine-rest/task/" + onlyTask(org.owner()) + "/complete";

        as(org.owner()).post(task, Map.of()).expect(400);
        as(org.owner()).post(task, decision("maybe", null)).expect(400);
        as(org.owner()).post(task, decision("reject", null)).expect(400);

        assertThat(status(request, org.owner())).isEqualTo("pending");
    }

    @Test
    void earlier_stages_decision_is_not_taken_for_a_later_one() {
        String project = given.project(given.person("owner"));
        given.team(project, "payments");
        String editor = given.member(project, ProjectRole.EDITOR, "web");
        String approver = given.member(project, ProjectRole.APPROVER, "payments");
        Approval request = given.request(
                AttachmentRequests.TYPE, Scope.project(project), editor, new AttachmentRequests().defaultPolicy());
        as(approver)
                .post("/engine-rest/task/" + onlyTask(approver) + "/complete", decision("approve", null))
                .expect(204);

        as(approver)
                .post("/engine-rest/task/" + onlyTask(approver) + "/complete", Map.of())
                .expect(400);

        assertThat(status(request, approver)).isEqualTo("pending");
    }

    @Test
    void variables_that_a_client_adds_change_nothing() {
        Org org = given.organization();
        Approval request = given.request(ClusterRequests.TYPE, org.scope(), org.admin(), ONE_OWNER);
        Map<String, Object> smuggled = Map.of(
                "variables",
                Map.of(
                        "decision", Map.of("value", "reject"),
                        "comment", Map.of("value", "no"),
                        "approved", Map.of("value", true),
                        "decidedBy", Map.of("value", "somebody-else")));

        as(org.owner())
                .post("/engine-rest/task/" + onlyTask(org.owner()) + "/complete", smuggled)
                .expect(204);

        assertThat(status(request, org.owner())).isEqualTo("rejected");
        assertThat(as(org.owner()).get("/api/v1/approvals/" + request.id()).at("/stages/0/decided_by"))
                .isEqualTo(org.owner());
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /task/{task}/bpmnError",
        "POST, /task/{task}/bpmnEscalation",
        "POST, /task/{task}/delegate",
        "POST, /task/{task}/resolve",
        "POST, /task/{task}/assignee",
        "POST, /task/{task}/identity-links",
        "PUT, /task/{task}/variables/decision",
        "PUT, /task/{task}",
        "DELETE, /task/{task}",
        "POST, /message",
        "POST, /signal",
        "POST, /deployment/create",
        "POST, /process-definition/key/cluster-approval/start",
        "POST, /process-instance/x/modification",
        "POST, /authorization/create",
        "POST, /user/create",
        "GET, /job",
        "GET, /variable-instance",
        "GET, /history/task"
    })
    void what_task_work_does_not_need_is_closed_under_every_prefix(String method, String path) {
        Org org = given.organization();
        given.request(ClusterRequests.TYPE, org.scope(), org.admin(), ONE_OWNER);
        String task = onlyTask(org.owner());

        for (String prefix : new String[] {"/engine-rest", "/engine-rest/engine/default"}) {
            as(org.owner())
                    .send(method, prefix + path.replace("{task}", task), method.equals("GET") ? null : Map.of())
                    .expectProblem(403, "forbidden");
        }
    }

    @Test
    void nobody_gets_in_without_signing_in() {
        anonymous().get("/engine-rest/task").expectProblem(401, "unauthenticated");
        anonymous().get("/engine-rest/engine").expectProblem(401, "unauthenticated");
    }

    private String onlyTask(String user) {
        JsonNode tasks = as(user).get("/engine-rest/task").expect(200).json();
        assertThat(tasks).hasSize(1);
        return tasks.at("/0/id").asText();
    }

    private String status(Approval request, String reader) {
        return as(reader).get("/api/v1/approvals/" + request.id()).at("/status");
    }

    private static Map<String, Object> decision(String decision, String comment) {
        return Map.of(
                "variables",
                comment == null
                        ? Map.of("decision", Map.of("value", decision))
                        : Map.of("decision", Map.of("value", decision), "comment", Map.of("value", comment)));
    }
}
