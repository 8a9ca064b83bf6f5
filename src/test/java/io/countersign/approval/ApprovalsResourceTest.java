package io.countersign.approval;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.Client;
import io.countersign.Fixtures.Org;
import io.countersign.ServerTest;
import io.countersign.approval.Policy.StagePolicy;
import io.countersign.attack.Visitor;
import io.countersign.cluster.ClusterRequests;
import io.countersign.gateway.AttachmentRequests;
import io.countersign.gateway.RouteRequests;
import io.countersign.identity.OrganizationRole;
import io.countersign.identity.Permission;
import io.countersign.identity.ProjectRole;
import io.countersign.identity.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ApprovalsResourceTest extends ServerTest {

    private static final Policy ONE_OWNER = Policy.singleStage(Permission.CLUSTER_APPROVE);

    @Test
    void owner_approves_an_admins_request() {
        Org org = given.organization();
        Approval request = given.request(ClusterRequests.TYPE, org.scope(), org.admin(), ONE_OWNER);

        var answer = as(org.owner())
                .post(approve(request, 1), Map.of("comment", "fine"))
                .expect(200);

        assertThat(answer.at("/status")).isEqualTo("approved");
        assertThat(answer.at("/stages/0/decided_by")).isEqualTo(org.owner());
        assertThat(answer.at("/stages/0/comment")).isEqualTo("fine");
        assertThat(answer.at("/stages/0/decisions/0/origin")).isEqualTo("api");
    }

    @Test
    void blank_content_hash_is_not_taken_for_none() {
        Org org = given.organization();
        Approval request = given.request(ClusterRequests.TYPE, org.scope(), org.admin(), ONE_OWNER);

        for (String blank : List.of("", " ")) {
            assertThat(as(org.owner())
                            .post(approve(request, 1), Map.of("content_hash", blank))
                            .expectProblem(422, "invalid_input")
                            .at("/errors/0/field"))
                    .isEqualTo("content_hash");
        }
        as(org.owner())
                .post(approve(request, 1), Map.of("content_hash", "0".repeat(64)))
                .expectProblem(409, "content_changed");
        as(org.owner())
                .post(approve(request, 1), Map.of("content_hash", request.contentHash()))
                .expect(200);
    }

    @Test
    void override_of_a_stage_of_two_people_counts_once_and_says_so() {
        Org org = given.organization();
        Approval request = given.request(
                ClusterRequests.TYPE,
                org.scope(),
                org.admin(),
                new Policy(List.of(new StagePolicy(1, Permission.CLUSTER_APPROVE, TeamScope.ANY, 2)), false));
        String first = given.superadmin();
        String second = given.superadmin();
        String override = "/api/v1/approvals/" + request.id() + "/override";
        Visitor visitor = new Visitor(server());
        visitor.signIn(first);
        assertThat(visitor.get("/approvals/" + request.id()).expect(200).text())
                .contains("counts as one of them")
                .contains("more must follow");

        as(first)
                .post(override, Map.of("reason", "one owner only", "content_hash", ""))
                .expectProblem(422, "invalid_input");
        as(first)
                .post(override, Map.of("reason", "one owner only", "content_hash", "0".repeat(64)))
                .expectProblem(409, "content_changed");
        assertThat(as(first)
                        .post(override, Map.of("reason", "one owner only", "content_hash", request.contentHash()))
                        .expect(200)
                        .at("/status"))
                .isEqualTo("pending");
        as(first).post(override, Map.of("reason", "again")).expectProblem(403, "same_approver");
        as(second).post(override, Map.of("reason", "me too")).expectProblem(409, "not_stuck");

        as(org.owner()).post(approve(request, 1), Map.of()).expect(200);
        assertThat(as(second).get("/api/v1/approvals/" + request.id()).at("/status"))
                .isEqualTo("approved");
    }

    @Test
    void submitter_may_not_approve_any_stage() {
        Org org = given.organization();
        Approval request = given.request(ClusterRequests.TYPE, org.scope(), org.owner(), ONE_OWNER);

        as(org.owner()).post(approve(request, 1), Map.of()).expectProblem(403, "self_approval");
    }

    @Test
    void member_without_the_permission_may_not_approve() {
        Org org = given.organization();
        Approval request = given.request(ClusterRequests.TYPE, org.scope(), org.admin(), ONE_OWNER);

        as(org.developer()).post(approve(request, 1), Map.of()).expectProblem(403, "missing_permission");
    }

    @Test
    void stranger_is_told_nothing() {
        Org org = given.organization();
        Approval request = given.request(ClusterRequests.TYPE, org.scope(), org.admin(), ONE_OWNER);
        String stranger = given.person("stranger");

        as(stranger).post(approve(request, 1), Map.of()).expectProblem(404, "not_found");
        as(stranger).get("/api/v1/approvals/" + request.id()).expectProblem(404, "not_found");
        assertThat(as(stranger).get("/api/v1/approvals").expect(200).json().get("items"))
                .isEmpty();
    }

    @Test
    void what_waits_for_me_is_paged_through_and_holds_nothing_else() {
        Project project = project();
        Scope scope = Scope.project(project.id());
        Policy ownTeam =
                new Policy(List.of(new StagePolicy(1, Permission.ROUTE_APPROVE, TeamScope.SUBMITTER_TEAM, 1)), false);
        List<String> mine = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            mine.add(
                    0,
                    given.request(RouteRequests.TYPE, scope, project.editor(), ownTeam)
                            .id()
                            .toString());
            // For others: another team's stage, another permission, my own request.
            given.request(AttachmentRequests.TYPE, scope, project.editor(), new AttachmentRequests().defaultPolicy());
            given.request(ClusterRequests.TYPE, scope, project.editor(), ONE_OWNER);
            given.request(RouteRequests.TYPE, scope, project.webApprover(), ownTeam);
        }

        List<String> found = new ArrayList<>();
        String cursor = "";
        while (cursor != null) {
            JsonNode page = as(project.webApprover())
                    .get("/api/v1/approvals?decidable=true&limit=1&cursor=" + cursor)
                    .expect(200)
                    .json();
            page.get("items").forEach(item -> found.add(item.get("id").asText()));
            cursor = page.get("next_cursor").isNull()
                    ? null
                    : page.get("next_cursor").asText();
        }

        assertThat(found).isEqualTo(mine);
        assertThat(as(project.webApprover())
                        .get("/api/v1/approvals?decidable=true&entityType=cluster")
                        .expect(200)
                        .json()
                        .get("items"))
                .isEmpty();
    }

    @Test
    void rejection_needs_a_reason() {
        Org org = given.organization();
        Approval request = given.request(ClusterRequests.TYPE, org.scope(), org.admin(), ONE_OWNER);

        var answer = as(org.owner()).post(reject(request, 1), Map.of("comment", "  "));

        answer.expectProblem(422, "invalid_input");
        assertThat(answer.at("/errors/0/field")).isEqualTo("comment");
        assertThat(status(org.owner(), request)).isEqualTo("pending");
    }

    @Test
    void rejection_ends_the_request_and_leaves_later_stages_pending() {
        Project project = project();
        Approval request = given.request(
                AttachmentRequests.TYPE,
                Scope.project(project.id()),
                project.editor(),
                new AttachmentRequests().defaultPolicy());

        var answer = as(project.paymentsApprover())
                .post(reject(request, 1), Map.of("comment", "not our client"))
                .expect(200);

        assertThat(answer.at("/status")).isEqualTo("rejected");
        assertThat(answer.at("/stages/0/status")).isEqualTo("rejected");
        assertThat(answer.at("/stages/1/status")).isEqualTo("pending");
        as(project.webApprover()).post(approve(request, 2), Map.of()).expectProblem(409, "already_decided");
    }

    @Test
    void stages_are_decided_strictly_in_order() {
        Project project = project();
        Approval request = given.request(
                AttachmentRequests.TYPE,
                Scope.project(project.id()),
                project.editor(),
                new AttachmentRequests().defaultPolicy());

        as(project.webApprover()).post(approve(request, 2), Map.of()).expectProblem(409, "stage_not_open");
        as(project.webApprover()).post(approve(request, 1), Map.of()).expectProblem(403, "wrong_team");
        as(project.paymentsApprover()).post(approve(request, 1), Map.of()).expect(200);
        var answer =
                as(project.webApprover()).post(approve(request, 2), Map.of()).expect(200);
        assertThat(answer.at("/status")).isEqualTo("approved");
    }

    @Test
    void decided_stage_is_closed() {
        Org org = given.organization();
        Approval request = given.request(ClusterRequests.TYPE, org.scope(), org.admin(), ONE_OWNER);
        as(org.owner()).post(approve(request, 1), Map.of()).expect(200);

        as(org.owner()).post(reject(request, 1), Map.of("comment", "no")).expectProblem(409, "already_decided");
    }

    @Test
    void decision_names_the_content_that_was_shown() {
        Org org = given.organization();
        Approval request = given.request(ClusterRequests.TYPE, org.scope(), org.admin(), ONE_OWNER);

        as(org.owner())
                .post(approve(request, 1), Map.of("content_hash", "0".repeat(64)))
                .expectProblem(409, "content_changed");
        as(org.owner())
                .post(approve(request, 1), Map.of("content_hash", request.contentHash()))
                .expect(200);
    }

    @Test
    void stage_that_asks_for_two_people_waits_for_both() {
        Project project = project();
        Policy two = new Policy(List.of(new StagePolicy(1, Permission.ROUTE_APPROVE, TeamScope.ANY, 2)), false);
        Approval request = given.request(RouteRequests.TYPE, Scope.project(project.id()), project.editor(), two);

        assertThat(as(project.webApprover())
                        .post(approve(request, 1), Map.of())
                        .expect(200)
                        .at("/status"))
                .isEqualTo("pending");
        as(project.webApprover()).post(approve(request, 1), Map.of()).expectProblem(403, "same_approver");
        assertThat(as(project.paymentsApprover())
                        .post(approve(request, 1), Map.of())
                        .expect(200)
                        .at("/status"))
                .isEqualTo("approved");
    }

    @Test
    void request_whose_process_an_administrator_ended_can_only_be_cancelled() {
        Org org = given.organization();
        Approval request = given.request(ClusterRequests.TYPE, org.scope(), org.admin(), ONE_OWNER);
        String path = "/api/v1/approvals/" + request.id();

        endProcess("approval-stages", request.id().toString());

        Client.Answer ended = as(org.admin()).get(path).expect(200);
        assertThat(ended.at("/status")).isEqualTo("pending");
        assertThat(ended.at("/stuck")).isEqualTo("true");
        assertThat(ended.at("/stuck_reason")).contains("administrator ended the process");
        as(org.owner()).post(approve(request, 1), Map.of()).expectProblem(409, "process_ended");
        as(given.superadmin())
                .post(path + "/override", Map.of("decision", "approve", "reason", "in a hurry"))
                .expectProblem(409, "process_ended");
        Client.Answer eligibility =
                as(org.admin()).get(path + "/eligibility?user=" + org.owner()).expect(200);
        assertThat(eligibility.at("/stuck_reason")).contains("administrator ended the process");
        assertThat(eligibility.json().at("/stages/0/eligible")).isEmpty();
        assertThat(eligibility.at("/stages/0/code")).isEqualTo("process_ended");
        as(org.viewer()).post(path + "/cancel", null).expectProblem(403, "missing_permission");
        as(org.admin()).post(path + "/cancel", null).expect(200);
        assertThat(as(org.admin()).get(path).at("/status")).isEqualTo("cancelled");
        assertThat(as(org.admin()).get(path).at("/stuck")).isEqualTo("false");
    }

    @Test
    void request_that_waits_for_an_answer_does_not_any_more_once_its_process_is_ended() {
        Org org = given.organization();
        Approval request = given.request(ClusterRequests.TYPE, org.scope(), org.admin(), ONE_OWNER);
        as(org.owner())
                .post(approve(request, 1).replace("/approve", "/ask"), Map.of("question", "How many nodes?"))
                .expect(200);

        endProcess("approval-stages", request.id().toString());

        as(org.admin())
                .post("/api/v1/approvals/" + request.id() + "/answer", Map.of("answer", "Three"))
                .expectProblem(409, "no_question");
        given.member(org.id(), given.person("owner"), OrganizationRole.OWNER);
        assertThat(as(org.admin()).get("/api/v1/approvals/" + request.id()).at("/stuck_reason"))
                .contains("administrator ended the process");
    }

    @Test
    void submitter_cancels_a_pending_request() {
        Org org = given.organization();
        Approval request = given.request(ClusterRequests.TYPE, org.scope(), org.admin(), ONE_OWNER);

        as(org.viewer())
                .post("/api/v1/approvals/" + request.id() + "/cancel", null)
                .expectProblem(403, "missing_permission");
        as(org.admin())
                .post("/api/v1/approvals/" + request.id() + "/cancel", null)
                .expect(200);

        assertThat(status(org.owner(), request)).isEqualTo("cancelled");
        as(org.owner()).post(approve(request, 1), Map.of()).expectProblem(409, "already_decided");
    }

    @Test
    void list_answers_what_waits_for_me() {
        Org org = given.organization();
        Approval first = given.request(ClusterRequests.TYPE, org.scope(), org.admin(), ONE_OWNER);
        Approval second = given.request(ClusterRequests.TYPE, org.scope(), org.admin(), ONE_OWNER);
        given.request(ClusterRequests.TYPE, org.scope(), org.owner(), ONE_OWNER);

        JsonNode firstPage = as(org.owner())
                .get("/api/v1/approvals?decidable=true&limit=1")
                .expect(200)
                .json();
        JsonNode secondPage = as(org.owner())
                .get("/api/v1/approvals?decidable=true&limit=1&cursor="
                        + firstPage.get("next_cursor").asText())
                .expect(200)
                .json();

        assertThat(firstPage.at("/items/0/id").asText()).isEqualTo(second.id().toString());
        assertThat(secondPage.at("/items/0/id").asText()).isEqualTo(first.id().toString());
        assertThat(secondPage.get("next_cursor").isNull()).isTrue();
        assertThat(as(org.admin())
                        .get("/api/v1/approvals?decidable=true")
                        .json()
                        .get("items"))
                .isEmpty();
    }

    @Test
    void eligibility_says_who_may_decide_and_why_one_may_not() {
        Org org = given.organization();
        Approval request = given.request(ClusterRequests.TYPE, org.scope(), org.admin(), ONE_OWNER);

        var answer = as(org.admin())
                .get("/api/v1/approvals/" + request.id() + "/eligibility?user=" + org.admin())
                .expect(200);

        assertThat(answer.at("/stages/0/eligible/0")).isEqualTo(org.owner());
        assertThat(answer.at("/stages/0/allowed")).isEqualTo("false");
        assertThat(answer.at("/stages/0/code")).isEqualTo("self_approval");
        assertThat(answer.json().get("stuck_reason").isNull()).isTrue();
    }

    @Test
    void request_of_the_only_owner_is_stuck_until_a_superadmin_overrides_it() {
        Org org = given.organization();
        Approval request = given.request(ClusterRequests.TYPE, org.scope(), org.owner(), ONE_OWNER);
        String path = "/api/v1/approvals/" + request.id();
        assertThat(as(org.owner()).get(path).at("/stuck")).isEqualTo("true");

        as(org.owner()).post(path + "/override", Map.of("reason", "mine")).expectProblem(403, "missing_permission");
        as("superadmin").post(path + "/override", Map.of("reason", " ")).expectProblem(422, "invalid_input");
        var answer = as("superadmin")
                .post(path + "/override", Map.of("reason", "the second owner left"))
                .expect(200);

        assertThat(answer.at("/status")).isEqualTo("approved");
        assertThat(answer.at("/stages/0/decisions/0/override")).isEqualTo("true");
    }

    @Test
    void override_needs_its_reason_also_where_it_comes_as_a_plain_decision() {
        Org org = given.organization();
        Approval request = given.request(ClusterRequests.TYPE, org.scope(), org.owner(), ONE_OWNER);
        String superadmin = given.superadmin();

        for (String comment : List.of("", "  ")) {
            as(superadmin).post(approve(request, 1), Map.of("comment", comment)).expectProblem(422, "invalid_input");
        }
        as(superadmin).post(approve(request, 1), null).expectProblem(422, "invalid_input");

        var decided = as(superadmin)
                .post(approve(request, 1), Map.of("comment", "its only owner asked"))
                .expect(200);
        assertThat(decided.at("/status")).isEqualTo("approved");
        assertThat(decided.at("/stages/0/decisions/0/override")).isEqualTo("true");
    }

    @Test
    void override_is_only_for_stuck_requests() {
        Org org = given.organization();
        Approval request = given.request(ClusterRequests.TYPE, org.scope(), org.admin(), ONE_OWNER);

        as("superadmin")
                .post("/api/v1/approvals/" + request.id() + "/override", Map.of("reason", "hurry"))
                .expectProblem(409, "not_stuck");
    }

    @Test
    void stuck_request_is_no_longer_stuck_when_somebody_can_decide_it() {
        Org org = given.organization();
        Approval request = given.request(ClusterRequests.TYPE, org.scope(), org.owner(), ONE_OWNER);

        as(org.owner())
                .put("/api/v1/orgs/" + org.id() + "/members/" + org.admin(), Map.of("role", "owner"))
                .expect(200);

        assertThat(as(org.owner()).get("/api/v1/approvals/" + request.id()).at("/stuck"))
                .isEqualTo("false");
        as(org.admin()).post(approve(request, 1), Map.of()).expect(200);
    }

    @Test
    void trail_tells_who_decided_and_cannot_be_changed_over_rest() {
        Org org = given.organization();
        Approval request = given.request(ClusterRequests.TYPE, org.scope(), org.admin(), ONE_OWNER);
        as(org.owner()).post(approve(request, 1), Map.of("comment", "fine")).expect(200);

        var trail = as(org.owner())
                .get("/api/v1/audit?entity_type=cluster&entity_id=" + request.entityId())
                .expect(200);

        assertThat(trail.at("/items/0/action")).isEqualTo("approve");
        assertThat(trail.at("/items/0/actor")).isEqualTo(org.owner());
        assertThat(trail.at("/items/0/details/comment")).isEqualTo("fine");
        assertThat(trail.at("/items/1/action")).isEqualTo("submit");
        as(org.owner()).delete("/api/v1/audit").expect(405);
        assertThat(as(org.viewer())
                        .get("/api/v1/audit?entity_type=cluster")
                        .json()
                        .get("items"))
                .isEmpty();
    }

    private record Project(String id, String editor, String webApprover, String paymentsApprover) {}

    private Project project() {
        String id = given.project(given.person("owner"));
        given.team(id, "payments");
        return new Project(
                id,
                given.member(id, ProjectRole.EDITOR, "web"),
                given.member(id, ProjectRole.APPROVER, "web"),
                given.member(id, ProjectRole.APPROVER, "payments"));
    }

    private String status(String reader, Approval request) {
        return as(reader).get("/api/v1/approvals/" + request.id()).expect(200).at("/status");
    }

    private static String approve(Approval request, int order) {
        return "/api/v1/approvals/" + request.id() + "/stages/"
                + request.stage(order).id() + "/approve";
    }

    private static String reject(Approval request, int order) {
        return "/api/v1/approvals/" + request.id() + "/stages/"
                + request.stage(order).id() + "/reject";
    }
}
