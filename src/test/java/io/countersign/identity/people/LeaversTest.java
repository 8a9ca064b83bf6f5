package io.countersign.identity.people;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.Client;
import io.countersign.Fixtures.Org;
import io.countersign.ServerTest;
import io.countersign.approval.Approval;
import io.countersign.approval.Policy;
import io.countersign.attack.Visitor;
import io.countersign.cluster.ClusterRequests;
import io.countersign.identity.OrganizationRole;
import io.countersign.identity.Permission;
import io.countersign.identity.ProjectRole;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** People who leave: deactivated by a superadmin, or by leaving an organization or project. */
class LeaversTest extends ServerTest {

    @Autowired
    JdbcClient jdbc;

    @Test
    void deactivated_person_is_out_at_once_at_every_door() {
        Org org = given.organization();
        Visitor browser = new Visitor(server());
        browser.signIn(org.owner());
        browser.get("/camunda/app/tasklist/default/").expect(200);
        String token = login(org.owner()).expect(200).at("/token");
        withToken(token).get("/engine-rest/task").expect(200);

        deactivate(org.owner()).expect(200);

        assertThat(browser.signedIn()).isFalse();
        browser.get("/camunda/api/admin/auth/user/default").expect(401);
        withToken(token).get("/api/v1/auth/me").expectProblem(401, "unauthenticated");
        withToken(token).get("/engine-rest/task").expect(401);
        login(org.owner()).expectProblem(401, "bad_credentials");
        assertThat(new Visitor(server()).signIn(org.owner(), "demo").location()).isEqualTo("/login?error");
        for (String path : List.of("/api/v1/auth/me", "/engine-rest/task", "/actuator/info")) {
            assertThat(new Visitor(server())
                            .get(path, "Authorization", basic(org.owner()))
                            .status())
                    .as(path)
                    .isEqualTo(401);
        }
    }

    @Test
    void session_that_was_made_while_its_person_was_deactivated_is_over_too() {
        String person = given.person("leaver");
        Visitor browser = new Visitor(server());
        browser.signIn(person);

        // As if the sign-in had begun before, and was saved after.
        jdbc.sql("update users set deactivated_at = now() where id = ?")
                .param(person)
                .update();

        Visitor.Answer answer = browser.get("/approvals?status=pending").expect(302);
        assertThat(answer.location()).isEqualTo("/login");
        jdbc.sql("update users set deactivated_at = null where id = ?")
                .param(person)
                .update();
        assertThat(browser.signedIn()).as("that session").isFalse();
    }

    @Test
    void token_that_was_issued_while_its_person_was_deactivated_does_not_work() {
        String person = given.person("leaver");
        String token = login(person).expect(200).at("/token");

        jdbc.sql("update users set deactivated_at = now() where id = ?")
                .param(person)
                .update();

        withToken(token).get("/api/v1/auth/me").expectProblem(401, "unauthenticated");
    }

    @Test
    void reactivated_person_is_what_they_were() {
        Org org = given.organization();
        deactivate(org.admin()).expect(200);

        Client.Answer answer = as("superadmin").post(user(org.admin()) + "/reactivate", Map.of("reason", "came back"));

        assertThat(answer.expect(200).json().path("deactivated_at").isNull()).isTrue();
        String token = login(org.admin()).expect(200).at("/token");
        assertThat(withToken(token).get("/api/v1/auth/me").expect(200).at("/memberships/0/role"))
                .isEqualTo("admin");
        JsonNode trail = as("superadmin")
                .get("/api/v1/audit?entity_type=user&entity_id=" + org.admin())
                .expect(200)
                .json()
                .path("items");
        assertThat(trail.path(0).path("action").asText()).isEqualTo("issue_token");
        assertThat(trail.path(1).path("action").asText()).isEqualTo("reactivate");
        assertThat(trail.path(1).at("/details/reason").asText()).isEqualTo("came back");
        assertThat(trail.path(2).path("action").asText()).isEqualTo("deactivate");
        assertThat(trail.path(2).at("/before/active").asBoolean()).isTrue();
        assertThat(trail.path(2).at("/after/active").asBoolean()).isFalse();
    }

    @Test
    void only_a_superadmin_deactivates_and_nobody_themselves() {
        Org org = given.organization();
        String superadmin = given.superadmin();

        as(org.owner()).post(user(org.admin()) + "/deactivate", Map.of()).expectProblem(403, "missing_permission");
        as(org.owner()).post(user(org.admin()) + "/reactivate", Map.of()).expectProblem(403, "missing_permission");
        as(superadmin).post(user(superadmin) + "/deactivate", Map.of()).expectProblem(409, "not_yourself");
        as(superadmin).post(user("nobody-at-all") + "/deactivate", Map.of()).expectProblem(404, "not_found");
        as(superadmin).post(user(org.admin()) + "/reactivate", Map.of()).expectProblem(409, "wrong_state");
        deactivate(org.admin()).expect(200);
        deactivate(org.admin()).expectProblem(409, "wrong_state");
        as(superadmin)
                .post(user(org.viewer()) + "/deactivate", Map.of("reason", "x".repeat(2001)))
                .expectProblem(422, "invalid_input");
    }

    @Test
    void nobody_who_is_deactivated_is_asked_and_a_request_that_needs_them_is_stuck() {
        Org org = given.organization();
        Approval request = given.request(ClusterRequests.TYPE, org.scope(), org.admin(), oneOwner());
        assertThat(eligible(request)).containsExactly(org.owner());

        deactivate(org.owner()).expect(200);

        Client.Answer stuck =
                as(org.admin()).get("/api/v1/approvals/" + request.id()).expect(200);
        assertThat(stuck.json().path("stuck").asBoolean()).isTrue();
        assertThat(eligible(request)).isEmpty();

        as("superadmin").post(user(org.owner()) + "/reactivate", Map.of()).expect(200);
        assertThat(as(org.admin())
                        .get("/api/v1/approvals/" + request.id())
                        .expect(200)
                        .json()
                        .path("stuck")
                        .asBoolean())
                .isFalse();
        assertThat(eligible(request)).containsExactly(org.owner());
    }

    @Test
    void deactivation_ends_delegations_that_were_given_and_held_and_reactivation_gives_none_back() {
        Org org = given.organization();
        String other = given.person("owner");
        given.member(org.id(), other, OrganizationRole.OWNER);
        delegate(org.owner(), org.admin());
        delegate(other, org.developer());

        for (String leaver : List.of(org.owner(), org.developer())) {
            deactivate(leaver).expect(200);
            as("superadmin").post(user(leaver) + "/reactivate", Map.of()).expect(200);
        }

        assertThat(as(org.admin()).get("/api/v1/me/delegations").expect(200).at("/items/0/status"))
                .isEqualTo("over");
        assertThat(as(other).get("/api/v1/me/delegations").expect(200).at("/items/0/status"))
                .isEqualTo("over");
    }

    @Test
    void person_who_is_deactivated_is_added_to_nothing() {
        Org org = given.organization();
        String project = given.project(org.owner());
        String leaver = given.person("leaver");
        deactivate(leaver).expect(200);

        as(org.owner())
                .put("/api/v1/orgs/" + org.id() + "/members/" + leaver, Map.of("role", "viewer"))
                .expectProblem(409, "deactivated");
        as(org.owner())
                .put("/api/v1/projects/" + project + "/members/" + leaver, Map.of("role", "viewer", "team", "web"))
                .expectProblem(409, "deactivated");
    }

    @Test
    void member_who_is_deactivated_is_shown_as_such_and_can_be_removed() {
        Org org = given.organization();
        String project = given.project(org.owner());
        String leaver = given.member(project, ProjectRole.EDITOR, "web");
        deactivate(leaver).expect(200);
        deactivate(org.viewer()).expect(200);

        JsonNode inProject = as(org.owner())
                .get("/api/v1/projects/" + project + "/members?q=" + leaver)
                .expect(200)
                .json()
                .at("/items/0");
        JsonNode inOrganization = as(org.owner())
                .get("/api/v1/orgs/" + org.id() + "/members?q=" + org.viewer())
                .expect(200)
                .json()
                .at("/items/0");
        Visitor owner = new Visitor(server());
        owner.signIn(org.owner());

        assertThat(inProject.path("deactivated").asBoolean()).isTrue();
        assertThat(inOrganization.path("deactivated").asBoolean()).isTrue();
        assertThat(owner.get("/projects/" + project + "/members?q=" + leaver)
                        .expect(200)
                        .text())
                .contains("deactivated");
        as(org.owner())
                .delete("/api/v1/projects/" + project + "/members/" + leaver)
                .expect(204);
        as(org.owner()).delete(member(org.id(), org.viewer())).expect(204);
        as("superadmin").post(user(leaver) + "/reactivate", Map.of()).expect(200);
        as(leaver).get("/api/v1/projects/" + project).expect(404);
    }

    @Test
    void an_owner_who_is_deactivated_is_no_owner_that_could_stay_behind() {
        Org org = given.organization();
        String other = given.person("owner");
        given.member(org.id(), other, OrganizationRole.OWNER);
        deactivate(other).expect(200);

        as(org.owner()).delete(member(org.id(), org.owner())).expectProblem(409, "last_owner");
    }

    @Test
    void where_no_active_owner_is_left_others_leave_and_are_changed_all_the_same() {
        Org org = given.organization();
        String project = given.project(org.owner());
        String admin = given.member(project, ProjectRole.ADMIN, "web");
        String viewer = given.member(project, ProjectRole.VIEWER, "web");
        String editor = given.member(project, ProjectRole.EDITOR, "web");
        String newcomer = given.person("newcomer");
        String members = "/api/v1/projects/" + project + "/members/";
        deactivate(org.owner()).expect(200);

        as(org.viewer()).delete(member(org.id(), org.viewer())).expect(204);
        as(viewer).delete(members + viewer).expect(204);
        as(admin).put(members + editor, Map.of("role", "viewer")).expect(200);
        as(admin)
                .put(members + newcomer, Map.of("role", "viewer", "team", "web"))
                .expect(200);
        as(admin).delete(members + editor).expect(204);
        as(admin).put(members + newcomer, Map.of("role", "owner")).expectProblem(403, "missing_permission");
    }

    @Test
    void superadmin_appoints_an_owner_only_where_no_active_one_is_left_and_the_trail_says_so() {
        Org org = given.organization();
        String project = given.project(org.owner());
        String heir = given.person("heir");
        String superadmin = given.superadmin();
        Map<String, String> owner = Map.of("role", "owner");
        String ofProject = "/api/v1/projects/" + project + "/members/";
        as(superadmin).put(member(org.id(), heir), owner).expectProblem(404, "not_found");
        as(superadmin)
                .put(ofProject + heir, Map.of("role", "owner", "team", "web"))
                .expectProblem(404, "not_found");
        deactivate(org.owner()).expect(200);

        as(superadmin).put(member(org.id(), heir), Map.of("role", "admin")).expectProblem(404, "not_found");
        as(superadmin).put(member(org.id(), superadmin), owner).expectProblem(403, "own_membership");
        as(superadmin).put(member(given.unique("no-org"), heir), owner).expectProblem(404, "not_found");
        as(superadmin).put(member(org.id(), heir), owner).expect(200);
        Visitor browser = new Visitor(server());
        browser.signIn(superadmin);
        assertThat(browser.get("/projects/" + project + "/members").expect(200).text())
                .contains("Appoint an owner");
        browser.submit(
                        "/projects/" + project + "/members",
                        "/projects/" + project + "/members",
                        Map.of("user", heir, "role", "owner", "team", "web"))
                .expect(302);

        for (String scope : List.of("organization&entity_id=" + org.id(), "project&entity_id=" + project)) {
            assertThat(as("superadmin")
                            .get("/api/v1/audit?action=set_role&entity_type=" + scope)
                            .at("/items/0/details/no_owner_left"))
                    .isEqualTo("true");
        }
        as(heir).delete(ofProject + org.owner()).expect(204);
        as(heir).delete(member(org.id(), org.owner())).expect(204);
        as(superadmin).put(member(org.id(), given.person("late")), owner).expectProblem(404, "not_found");
    }

    @Test
    void everybody_may_leave_but_the_only_owner() {
        Org org = given.organization();
        String project = given.project(org.owner());
        String viewer = given.member(project, ProjectRole.VIEWER, "web");

        as(viewer).delete("/api/v1/projects/" + project + "/members/" + viewer).expect(204);
        as(viewer).get("/api/v1/projects/" + project).expect(404);
        as(org.viewer()).delete(member(org.id(), org.viewer())).expect(204);
        as(org.developer()).delete(member(org.id(), org.admin())).expectProblem(403, "missing_permission");
        as(org.owner()).delete(member(org.id(), org.owner())).expectProblem(409, "last_owner");
        as(org.owner())
                .delete("/api/v1/projects/" + project + "/members/" + org.owner())
                .expectProblem(409, "last_owner");
        as(viewer).delete("/api/v1/projects/" + project + "/members/" + viewer).expectProblem(404, "not_found");
    }

    @Test
    void person_leaves_on_the_profile_page() {
        Org org = given.organization();
        Visitor browser = new Visitor(server());
        browser.signIn(org.viewer());

        browser.submit("/settings/profile", "/settings/profile/leave", Map.of("organization", org.id()))
                .expect(302);

        assertThat(browser.get("/settings/profile").expect(200).text())
                .contains("You left " + org.id())
                .contains("You are no member of any organization or project yet");
        Visitor owner = new Visitor(server());
        owner.signIn(org.owner());
        assertThat(owner.submit("/settings/profile", "/settings/profile/leave", Map.of("organization", org.id()))
                        .expect(409)
                        .text())
                .contains("An organization needs an owner");
    }

    private List<String> eligible(Approval request) {
        JsonNode eligible = as("superadmin")
                .get("/api/v1/approvals/" + request.id() + "/eligibility")
                .expect(200)
                .json()
                .at("/stages/0/eligible");
        return StreamSupport.stream(eligible.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    private static void delegate(String absent, String standIn) {
        as(absent)
                .post(
                        "/api/v1/me/delegations",
                        Map.of(
                                "stand_in",
                                standIn,
                                "until",
                                Instant.now().plusSeconds(3600).toString()))
                .expect(201);
    }

    private static Policy oneOwner() {
        return Policy.singleStage(Permission.CLUSTER_APPROVE);
    }

    private static Client.Answer deactivate(String person) {
        return as("superadmin").post(user(person) + "/deactivate", Map.of("reason", "left"));
    }

    private static Client.Answer login(String person) {
        return anonymous().post("/api/v1/auth/login", Map.of("username", person, "password", "demo"));
    }

    private static String user(String person) {
        return "/api/v1/users/" + person;
    }

    private static String member(String organization, String person) {
        return "/api/v1/orgs/" + organization + "/members/" + person;
    }

    private static String basic(String person) {
        return "Basic " + Base64.getEncoder().encodeToString((person + ":demo").getBytes(StandardCharsets.UTF_8));
    }
}
