package io.countersign.approval.risk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.Client;
import io.countersign.approval.Approval;
import io.countersign.approval.Policy;
import io.countersign.gateway.RouteRequests;
import io.countersign.identity.Permission;
import io.countersign.identity.ProjectRole;
import io.countersign.identity.Scope;
import io.countersign.identity.TeamId;
import io.countersign.identity.UserId;
import io.countersign.identity.members.Members;
import io.countersign.notification.MailTest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** What a request says to its deciders of what its submitter did to the rules that it runs under. */
class RisksTest extends MailTest {

    @Autowired
    private Members members;

    private String project;
    private String owner;
    private String admin;
    private String approver;

    @BeforeEach
    void project() {
        owner = given.person("owner");
        project = given.project(owner);
        given.team(project, "payments");
        admin = given.member(project, ProjectRole.ADMIN, "web");
        approver = given.member(project, ProjectRole.APPROVER, "web");
    }

    @Test
    void policy_that_the_submitter_changed_before_is_shown_wherever_the_request_is_decided() throws Exception {
        setPolicy(admin, "route", 1);
        Approval request = request(admin);
        setPolicy(owner, "route", 2);

        JsonNode risks = risks(request);
        assertThat(risks).hasSize(1);
        assertThat(risks.at("/0/code").asText()).isEqualTo("submitter_changed_policy");
        assertThat(risks.at("/0/by").asText()).isEqualTo(admin);
        String text = "Person " + admin + " (" + admin + ") changed the policy of this request.";
        assertThat(risks.at("/0/text").asText()).isEqualTo(text);
        assertThat(text(awaitMail(approver, "Approval needed"))).contains(text);
        for (String page :
                List.of("/approvals/" + request.id(), "/approvals/" + request.id() + "/decide?kind=approve")) {
            pages().perform(get(page).with(signedInAs(approver)))
                    .andExpect(content().string(containsString(text)));
        }
        pages().perform(get("/inbox/decide?kind=approve&item=" + request.id()).with(signedInAs(approver)))
                .andExpect(content().string(containsString(text)));
        Client tasklist = as(approver);
        String task = task(request);
        assertThat(tasklist.get("/engine-rest/task/" + task + "/form-variables").at("/risks/value"))
                .contains(text);
        tasklist.post(
                        "/engine-rest/task/" + task + "/complete",
                        Map.of("variables", Map.of("decision", Map.of("value", "approve"))))
                .expect(204);
    }

    @Test
    void request_whose_submitter_changed_nothing_shows_nothing() throws Exception {
        setPolicy(admin, "client_attachment", 1);
        Approval request = request(admin);
        setPolicy(admin, "route", 1);

        assertThat(risks(request)).isEmpty();
        assertThat(as(owner)
                        .get("/api/v1/approvals")
                        .json()
                        .at("/items/0/risks")
                        .isNull())
                .as("lists say nothing of it")
                .isTrue();
        pages().perform(get("/approvals/" + request.id()).with(signedInAs(approver)))
                .andExpect(content().string(not(containsString("rules that this request runs under"))));
    }

    @Test
    void what_the_submitter_changed_long_before_is_not_shown() {
        setPolicy(admin, "route", 1);
        Approval request = request(admin);
        jdbc.sql("update approvals set submitted_at = now() + interval '7 days 1 minute' where id = ?")
                .param(request.id().value())
                .update();

        assertThat(risks(request)).isEmpty();
    }

    @Test
    void people_whom_the_submitter_made_or_unmade_deciders_are_shown_before_and_after_the_submission() {
        String friend = given.person("friend");
        String viewer = given.person("viewer");
        setMember(admin, approver, "viewer", "web");
        setMember(admin, viewer, "viewer", "web");
        Approval request = request(admin);

        setMember(admin, friend, "approver", "payments");

        JsonNode risks = risks(request);
        assertThat(risks).hasSize(2);
        assertThat(risks.at("/0/code").asText()).isEqualTo("submitter_changed_membership");
        assertThat(risks.at("/0/text").asText())
                .endsWith("(" + approver + ") from approver in team web to viewer in team web.");
        assertThat(risks.at("/1/text").asText())
                .endsWith("made Person " + friend + " (" + friend + ") approver in team payments.");
        assertThat(as(friend)
                        .get("/engine-rest/task/" + task(request) + "/form-variables")
                        .at("/risks/value"))
                .contains(friend);
        as(friend)
                .post(
                        "/engine-rest/task/" + task(request) + "/complete",
                        Map.of("variables", Map.of("decision", Map.of("value", "approve"))))
                .expect(204);
        setMember(admin, approver, "approver", "web");
        assertThat(risks(request)).as("what came after the decision").hasSize(2);
    }

    @Test
    void team_that_another_person_gave_the_submitter_is_shown() {
        String editor = given.member(project, ProjectRole.EDITOR, "web");
        setMember(owner, editor, "editor", "payments");

        Approval request = request(editor);

        assertThat(risks(request).at("/0/code").asText()).isEqualTo("membership_of_submitter_changed");
        assertThat(risks(request).at("/0/text").asText())
                .endsWith("from editor in team web to editor in team payments.");
    }

    @Test
    void policy_that_another_person_changed_before_is_shown_with_their_name() {
        setPolicy(owner, "route", 1);

        JsonNode risks = risks(request(admin));

        assertThat(risks).hasSize(1);
        assertThat(risks.at("/0/code").asText()).isEqualTo("policy_changed");
        assertThat(risks.at("/0/text").asText())
                .isEqualTo("Person " + owner + " (" + owner + ") changed the policy of this request.");
    }

    @Test
    void submitter_who_left_and_was_added_again_to_another_team_is_shown() {
        String editor = given.member(project, ProjectRole.EDITOR, "web");
        as(editor).delete("/api/v1/projects/" + project + "/members/" + editor).expect(204);
        setMember(owner, editor, "editor", "payments");

        JsonNode risks = risks(request(editor));

        assertThat(risks).hasSize(1);
        assertThat(risks.at("/0/code").asText()).isEqualTo("membership_of_submitter_changed");
        assertThat(risks.at("/0/text").asText())
                .endsWith("editor in team payments, who had left as editor in team web.");
    }

    @Test
    void submitter_who_left_and_came_back_as_what_they_were_is_not_shown() {
        String editor = given.member(project, ProjectRole.EDITOR, "web");
        as(editor).delete("/api/v1/projects/" + project + "/members/" + editor).expect(204);
        setMember(owner, editor, "editor", "web");

        assertThat(risks(request(editor))).isEmpty();
    }

    @Test
    void decider_whom_the_submitter_deactivated_is_shown_before_and_after_the_submission() {
        String superadmin = given.superadmin();
        members.write(
                Scope.project(project), new UserId(superadmin), ProjectRole.ADMIN, Optional.of(new TeamId("web")));
        String viewer = given.member(project, ProjectRole.VIEWER, "web");
        String second = given.member(project, ProjectRole.APPROVER, "web");
        deactivate(superadmin, viewer);
        deactivate(superadmin, approver);
        Approval request = request(superadmin);
        assertThat(risks(request)).hasSize(1);

        deactivate(superadmin, second);

        assertThat(risks(request).findValuesAsText("code"))
                .containsExactly("submitter_deactivated_decider", "submitter_deactivated_decider");
        assertThat(risks(request).at("/0/text").asText())
                .endsWith("deactivated Person " + approver + " (" + approver + "), who is approver in team web.");
        assertThat(as(owner)
                        .get("/engine-rest/task/" + task(request) + "/form-variables")
                        .at("/risks/value"))
                .contains(second);
    }

    private static void deactivate(String superadmin, String person) {
        as(superadmin).post("/api/v1/users/" + person + "/deactivate", Map.of()).expect(200);
    }

    @Test
    void task_that_hides_what_is_to_be_known_takes_no_decision() {
        setPolicy(admin, "route", 1);
        Approval request = request(admin);
        String task = task(request);
        as("admin")
                .put("/engine-rest/task/" + task + "/variables/risks", Map.of("value", "None.", "type", "String"))
                .expect(204);

        var refused = as(approver)
                .post(
                        "/engine-rest/task/" + task + "/complete",
                        Map.of("variables", Map.of("decision", Map.of("value", "approve"))))
                .expect(409);

        assertThat(refused.text()).contains("content_not_shown");
    }

    private void setPolicy(String person, String type, int stages) {
        as(person)
                .putPolicy(
                        "/api/v1/projects/" + project + "/policies/" + type,
                        List.of(Map.of(
                                "order",
                                1,
                                "required_permission",
                                "route.approve",
                                "team_scope",
                                "any",
                                "min_approvers",
                                stages)))
                .expect(200);
    }

    private void setMember(String by, String person, String role, String team) {
        as(by).put("/api/v1/projects/" + project + "/members/" + person, Map.of("role", role, "team", team))
                .expect(200);
    }

    private Approval request(String submitter) {
        return given.request(
                RouteRequests.TYPE, Scope.project(project), submitter, Policy.singleStage(Permission.ROUTE_APPROVE));
    }

    private JsonNode risks(Approval request) {
        return as(owner)
                .get("/api/v1/approvals/" + request.id())
                .expect(200)
                .json()
                .get("risks");
    }

    private String task(Approval request) {
        return as(owner)
                .get("/engine-rest/task?processInstanceBusinessKey=" + request.entityName())
                .expect(200)
                .at("/0/id");
    }
}
