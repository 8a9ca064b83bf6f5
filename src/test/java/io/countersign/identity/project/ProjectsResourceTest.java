package io.countersign.identity.project;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.Client;
import io.countersign.ServerTest;
import io.countersign.attack.Visitor;
import io.countersign.identity.ProjectRole;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProjectsResourceTest extends ServerTest {

    @Test
    void superadmin_creates_a_project_that_its_owner_owns() {
        String person = given.person("person");
        String id = given.unique("project");

        Client.Answer created = as(given.superadmin())
                .post("/api/v1/projects", Map.of("id", id, "name", "Mine", "owner", person))
                .expect(201);

        assertThat(created.at("/namespace")).isEqualTo(id);
        var member =
                as(person).get("/api/v1/projects/" + id + "/members/" + person).expect(200);
        assertThat(member.at("/role")).isEqualTo("owner");
        assertThat(member.at("/team")).isEqualTo("default");
        assertThat(as(person).get("/api/v1/projects").at("/items/0/id")).isEqualTo(id);
        as(given.person("stranger")).get("/api/v1/projects/" + id).expectProblem(404, "not_found");
        assertThat(as("superadmin").get("/api/v1/projects/" + id).expect(200).at("/name"))
                .isEqualTo("Mine");
    }

    @Test
    void others_create_no_project() {
        String id = given.unique("project");

        assertThat(as(given.organization().viewer())
                        .post("/api/v1/projects", Map.of("id", id, "name", "Mine"))
                        .expectProblem(403, "missing_permission")
                        .at("/detail"))
                .contains("Only superadmins and the people named in");
    }

    @Test
    void creator_whom_the_setting_names_owns_what_they_create() {
        given.personNamed("project-creator");
        String id = given.unique("project");

        as("project-creator")
                .post("/api/v1/projects", Map.of("id", id, "name", "Mine"))
                .expect(201);

        assertThat(as("project-creator")
                        .get("/api/v1/projects/" + id + "/members/project-creator")
                        .at("/role"))
                .isEqualTo("owner");
    }

    @Test
    void owner_is_a_person_who_can_sign_in() {
        assertThat(as(given.superadmin())
                        .post("/api/v1/projects", Map.of("id", given.unique("p"), "name", "X", "owner", "nobody-here"))
                        .expectProblem(422, "invalid_input")
                        .at("/errors/0/field"))
                .isEqualTo("owner");
    }

    @Test
    void project_is_bound_to_the_namespace_that_it_asks_for() {
        String id = given.unique("project");
        String namespace = given.unique("space");

        as(given.superadmin())
                .post("/api/v1/projects", Map.of("id", id, "name", "X", "namespace", namespace))
                .expect(201);

        assertThat(as("superadmin").get("/api/v1/projects/" + id).at("/namespace"))
                .isEqualTo(namespace);
    }

    @Test
    void no_two_of_projects_and_organizations_share_a_namespace() {
        String superadmin = given.superadmin();
        String org = given.organization().id();
        String project = given.project(given.person("owner"));

        as(superadmin)
                .post("/api/v1/projects", Map.of("id", org, "name", "Named like an organization"))
                .expectProblem(409, "namespace_taken");
        as(superadmin)
                .post("/api/v1/projects", Map.of("id", given.unique("p"), "name", "X", "namespace", project))
                .expectProblem(409, "namespace_taken");
        as(superadmin)
                .post("/api/v1/orgs", Map.of("id", given.unique("o"), "name", "X", "namespace", project))
                .expectProblem(409, "namespace_taken");
        as(superadmin).get("/api/v1/projects/" + org).expectProblem(404, "not_found");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kube-public",
                "default",
                "capi-system",
                "capi-quickstart",
                "envoy-gateway-system",
                "edge",
                "countersign-itself",
                "shared",
                "infra-east",
                "Upper",
                "-dash"
            })
    void reserved_namespace_is_refused(String namespace) {
        assertThat(as(given.superadmin())
                        .post("/api/v1/projects", Map.of("id", given.unique("p"), "name", "X", "namespace", namespace))
                        .expectProblem(422, "invalid_input")
                        .at("/errors/0/field"))
                .isEqualTo("namespace");
        assertThat(as(given.superadmin())
                        .post("/api/v1/orgs", Map.of("id", given.unique("o"), "name", "X", "namespace", namespace))
                        .expectProblem(422, "invalid_input")
                        .at("/errors/0/field"))
                .isEqualTo("namespace");
    }

    @Test
    void console_offers_and_takes_a_new_project_from_those_who_may_create_one() {
        Visitor visitor = new Visitor(server());
        visitor.signIn(given.person("person"));
        Visitor superadmin = new Visitor(server());
        superadmin.signIn(given.superadmin());
        String id = given.unique("project");
        String owner = given.person("owner");

        assertThat(visitor.get("/projects").expect(200).text()).doesNotContain("New project");
        visitor.get("/projects/new").expect(403);
        assertThat(superadmin.get("/projects").expect(200).text()).contains("New project");
        superadmin
                .submit(
                        "/projects/new",
                        "/projects/new",
                        Map.of("id", id, "name", "X", "owner", owner, "namespace", "", "team", "web"))
                .expect(302);

        assertThat(as(owner).get("/api/v1/projects/" + id + "/members/" + owner).at("/role"))
                .isEqualTo("owner");
    }

    @Test
    void first_team_may_be_named() {
        String person = given.superadmin();
        String id = given.unique("project");

        as(person)
                .post("/api/v1/projects", Map.of("id", id, "name", "Mine", "team", "web"))
                .expect(201);

        assertThat(as(person).get("/api/v1/projects/" + id + "/teams").at("/items/0/id"))
                .isEqualTo("web");
    }

    @Test
    void id_is_taken_once() {
        String id = given.project(given.person("person"));

        as(given.superadmin())
                .post("/api/v1/projects", Map.of("id", id, "name", "Again"))
                .expectProblem(409, "project_exists");
    }

    @Test
    void repeated_request_creates_once() {
        String person = given.superadmin();
        Map<String, String> body = Map.of("id", given.unique("project"), "name", "Once");

        for (int i = 0; i < 2; i++) {
            as(person)
                    .send("POST", "/api/v1/projects", body, "Idempotency-Key", "one")
                    .expect(201);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Upper", "with.dot", "-dash", "kube-system", "default", "argo-system"})
    void id_is_a_dns_label_and_no_system_namespace(String id) {
        assertThat(as(given.superadmin())
                        .post("/api/v1/projects", Map.of("id", id, "name", "X"))
                        .expectProblem(422, "invalid_input")
                        .at("/errors/0/field"))
                .isEqualTo("id");
    }

    @Test
    void owner_adds_teams_and_members_and_an_editor_does_not() {
        String owner = given.person("owner");
        String project = given.project(owner);
        String editor = given.member(project, ProjectRole.EDITOR, "web");
        String newcomer = given.person("newcomer");
        String path = "/api/v1/projects/" + project;

        as(editor)
                .post(path + "/teams", Map.of("id", "payments", "name", "Payments"))
                .expectProblem(403, "missing_permission");
        as(editor)
                .put(path + "/members/" + newcomer, Map.of("role", "editor", "team", "web"))
                .expectProblem(403, "missing_permission");

        as(owner)
                .post(path + "/teams", Map.of("id", "payments", "name", "Payments"))
                .expect(201);
        as(owner).post(path + "/teams", Map.of("id", "payments", "name", "P")).expectProblem(409, "team_exists");
        as(owner)
                .put(path + "/members/" + newcomer, Map.of("role", "approver", "team", "payments"))
                .expect(200);
        assertThat(as(editor).get(path + "/members/" + newcomer).at("/team")).isEqualTo("payments");
        as(owner).put(path + "/members/" + newcomer, Map.of("role", "admin")).expect(200);
        assertThat(as(editor).get(path + "/members/" + newcomer).at("/team")).isEqualTo("payments");

        as(owner).delete(path + "/members/" + newcomer).expect(204);
        as(newcomer).get(path).expectProblem(404, "not_found");
    }

    @Test
    void admin_makes_no_owners_and_the_last_owner_stays() {
        String owner = given.person("owner");
        String project = given.project(owner);
        String admin = given.member(project, ProjectRole.ADMIN, "web");
        String path = "/api/v1/projects/" + project + "/members/";

        as(admin).put(path + admin, Map.of("role", "owner")).expectProblem(403, "missing_permission");
        as(admin).delete(path + owner).expectProblem(403, "missing_permission");
        as(owner).put(path + owner, Map.of("role", "viewer")).expectProblem(409, "last_owner");
        as(owner).delete(path + owner).expectProblem(409, "last_owner");
    }

    @Test
    void nobody_changes_their_own_role_or_team() {
        String owner = given.person("owner");
        String project = given.project(owner);
        given.team(project, "payments");
        String second = given.member(project, ProjectRole.OWNER, "web");
        String admin = given.member(project, ProjectRole.ADMIN, "web");
        String path = "/api/v1/projects/" + project + "/members/";

        as(admin).put(path + admin, Map.of("role", "admin", "team", "payments")).expectProblem(403, "own_membership");
        as(admin).put(path + admin, Map.of("role", "approver")).expectProblem(403, "own_membership");
        as(owner).put(path + owner, Map.of("role", "owner", "team", "payments")).expectProblem(403, "own_membership");
        as(owner).put(path + owner, Map.of("role", "viewer")).expectProblem(403, "own_membership");
        as(admin).put(path + admin, Map.of("role", "admin", "team", "web")).expect(200);

        as(owner).put(path + admin, Map.of("role", "admin", "team", "payments")).expect(200);
        as(second).put(path + owner, Map.of("role", "viewer")).expect(200);
        as(admin).delete(path + admin).expect(204);
        as(admin).put(path + admin, Map.of("role", "admin")).expectProblem(404, "not_found");
    }

    @Test
    void nobody_changes_their_own_role_in_an_organization_be_they_a_superadmin() {
        String superadmin = given.superadmin();
        String org = given.unique("org");
        as(superadmin).post("/api/v1/orgs", Map.of("id", org, "name", "Acme")).expect(201);
        String other = given.person("owner");
        String path = "/api/v1/orgs/" + org + "/members/";
        as(superadmin).put(path + superadmin, Map.of("role", "admin")).expectProblem(409, "last_owner");
        as(superadmin).put(path + other, Map.of("role", "owner")).expect(200);

        as(superadmin).put(path + superadmin, Map.of("role", "admin")).expectProblem(403, "own_membership");
        as(superadmin).put(path + superadmin, Map.of("role", "owner")).expect(200);
        as(other).put(path + superadmin, Map.of("role", "viewer")).expect(200);
        as(superadmin).put(path + superadmin, Map.of("role", "owner")).expectProblem(403, "missing_permission");
        as(superadmin).delete(path + other).expectProblem(403, "missing_permission");
        String stranger = given.superadmin();
        as(stranger).put(path + stranger, Map.of("role", "owner")).expectProblem(404, "not_found");
    }

    @Test
    void member_change_names_what_is_wrong() {
        String owner = given.person("owner");
        String project = given.project(owner);
        String path = "/api/v1/projects/" + project + "/members/";

        assertThat(as(owner)
                        .put(path + owner, Map.of("role", "king", "team", "web"))
                        .expectProblem(422, "invalid_input")
                        .at("/errors/0/field"))
                .isEqualTo("role");
        assertThat(as(owner)
                        .put(path + owner, Map.of("role", "owner", "team", "nowhere"))
                        .expectProblem(422, "invalid_input")
                        .at("/errors/0/field"))
                .isEqualTo("team");
        as(owner).put(path + "nobody-at-all", Map.of("role", "viewer")).expectProblem(404, "not_found");
    }
}
