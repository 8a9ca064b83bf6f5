package io.countersign.console.projects;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.SelectOption;
import io.countersign.console.BrowserTest;
import io.countersign.identity.ProjectRole;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A project in the browser, from nothing to a route that another team's client may call. */
class ProjectBrowserTest extends BrowserTest {

    @Test
    void attachment_passes_two_stages_across_teams_and_becomes_active() {
        String project = given.project(given.person("owner"));
        given.team(project, "payments");
        Page editor = openAs(given.member(project, ProjectRole.EDITOR, "web"));
        Page approver = openAs(given.member(project, ProjectRole.APPROVER, "web"));
        Page paymentsApprover = openAs(given.member(project, ProjectRole.APPROVER, "payments"));

        editor.navigate(server() + "/projects");
        link(editor, "Project " + project).click();
        press(editor, "Add domain");
        editor.getByLabel("Host name").fill("nothing");
        editor.getByLabel("Id").fill("shop");
        press(editor, "Add domain");
        assertThat(editor.locator(".field-error").first()).containsText("Must be a host name");
        editor.getByLabel("Host name").fill(project + ".example.com");
        press(editor, "Add domain");
        assertThat(editor.locator("main")).containsText("is added");
        shoot(editor, "project-routes-empty");

        press(editor, "Request route in shop");
        editor.getByLabel("Name", exact()).fill("cart");
        editor.getByLabel("Path", exact()).fill("/cart");
        editor.getByLabel("GET").check();
        editor.getByLabel("Service").fill("cart");
        editor.getByLabel("Port").fill("x");
        press(editor, "Send request");
        assertThat(editor.locator(".field-error").first()).containsText("Must be a whole number");
        editor.getByLabel("Port").fill("8080");
        press(editor, "Send request");
        assertThat(editor.locator("h1")).hasText("shop/cart");
        assertThat(editor.locator(".page-title")).containsText("Pending creation");
        assertThat(editor.locator("main")).containsText("Your request waits for others");
        String route = editor.url();

        approver.navigate(server() + "/projects/" + project + "/routes");
        decide(approver, "Approve shop/cart");
        editor.navigate(route);
        assertThat(editor.locator(".page-title")).containsText("Approved");
        shoot(editor, "route-approved");
        press(editor, "Deploy");
        assertThat(editor.locator(".page-title")).containsText("Active");

        editor.navigate(server() + "/projects/" + project + "/clients");
        press(editor, "Add client");
        editor.getByLabel("Name", exact()).fill("partner");
        editor.getByLabel("Team that looks after it").selectOption(new SelectOption().setValue("payments"));
        editor.getByLabel("May call from").fill("10.0.0.0/8");
        press(editor, "Add client");
        assertThat(editor.locator("#api-key")).containsText("csk_");
        shoot(editor, "client-key");
        press(editor, "Attach");
        press(editor, "Send request");
        assertThat(editor.locator(".page-title")).containsText("Pending attachment");
        String attachment = editor.url();

        approver.navigate(attachment);
        assertThat(approver.locator("main")).containsText("people of another team");
        shoot(approver, "attachment-other-team");
        paymentsApprover.navigate(attachment);
        decide(paymentsApprover, "Approve partner on shop/cart");
        approver.navigate(attachment);
        decide(approver, "Approve partner on shop/cart");
        assertThat(approver.locator(".page-title")).containsText("Approved");

        editor.navigate(route);
        press(editor, "Deploy again");
        assertThat(editor.locator(".page-title")).containsText("Active");
        assertThat(editor.locator(".table-list")).containsText("partner");
        assertThat(editor.locator(".table-list .badge-status")).hasText("Active");
        shoot(editor, "route-active");
        editor.navigate(attachment);
        assertThat(editor.locator(".page-title")).containsText("Active");
        shoot(editor, "attachment-active");
        editor.navigate(server() + "/projects/" + project + "/attachments");
        editor.navigate(server() + "/projects/" + project + "/clients");
    }

    @Test
    void update_shows_what_would_change_and_a_rejection_why_it_will_not() {
        String project = given.project(given.person("owner"));
        String editorId = given.member(project, ProjectRole.EDITOR, "web");
        Page editor = openAs(editorId);
        Page approver = openAs(given.member(project, ProjectRole.APPROVER, "web"));
        String route = activeRoute(project, editor, approver);

        editor.navigate(route);
        press(editor, "Change");
        editor.getByLabel("Path", exact()).fill("/basket");
        press(editor, "Send request");
        assertThat(editor.locator(".changes")).containsText("/basket");
        shoot(editor, "route-update");
        approver.navigate(route);
        press(approver, "Reject shop/cart");
        approver.getByLabel("Reason").fill("Nobody calls it a basket.");
        press(approver, "Reject");

        assertThat(approver.locator(".page-title")).containsText("Active");
        assertThat(approver.locator("main")).not().containsText("/basket");
        press(editor, "Request deletion");
        assertThat(editor.locator(".page-title")).containsText("Pending deletion");
    }

    @Test
    void editing_a_route_keeps_methods_that_few_routes_serve() {
        String project = given.project(given.person("owner"));
        String editorId = given.member(project, ProjectRole.EDITOR, "web");
        String api = "/api/v1/projects/" + project;
        as(editorId)
                .post(api + "/domains", Map.of("id", "shop", "host", project + ".example.com"))
                .expect(201);
        String route = as(editorId)
                .post(
                        api + "/domains/shop/routes",
                        Map.of(
                                "name",
                                "cart",
                                "path",
                                "/cart",
                                "methods",
                                List.of("CONNECT", "TRACE"),
                                "backend",
                                Map.of("service", "cart", "port", 8080)))
                .expect(202)
                .at("/id");
        Page editor = openAs(editorId);

        editor.navigate(server() + "/projects/" + project + "/routes/" + route + "/edit");

        assertThat(editor.getByLabel("CONNECT")).isChecked();
        assertThat(editor.getByLabel("TRACE")).isChecked();
    }

    @Test
    void route_whose_deployment_failed_is_corrected_in_the_console() throws IOException {
        String project = given.project(given.person("owner"));
        Page editor = openAs(given.member(project, ProjectRole.EDITOR, "web"));
        String viewer = given.member(project, ProjectRole.VIEWER, "web");
        Page approver = openAs(given.member(project, ProjectRole.APPROVER, "web"));
        String route = activeRoute(project, editor, approver);
        Path manifest = MANIFESTS.resolve(project).resolve("httproute-shop.cart.yaml");
        Files.delete(manifest);
        Files.createDirectory(manifest);
        press(editor, "Deploy again");
        await().atMost(Duration.ofSeconds(20))
                .until(() -> as(viewer)
                        .get("/api/v1" + URI.create(route).getPath())
                        .at("/status_reason")
                        .contains("httproute"));

        editor.navigate(route);
        press(editor, "Change");
        editor.getByLabel("Path", exact()).fill("/basket");
        press(editor, "Send request");

        assertThat(editor.locator(".page-title")).containsText("Pending update");
    }

    @Test
    void superadmin_makes_a_project_and_its_owner_the_policies() {
        String owner = given.person("owner");
        String colleague = given.person("colleague");
        String id = given.unique("project");
        Page superadmin = openAs(given.superadmin());
        Page page = openAs(owner);

        page.navigate(server() + "/projects");
        shoot(page, "projects-empty");
        superadmin.navigate(server() + "/projects");
        press(superadmin, "New project");
        superadmin.getByLabel("Id").fill("Not an id");
        superadmin.getByLabel("Name", exact()).fill("Web shop");
        superadmin.getByLabel("Owner").fill(owner);
        press(superadmin, "Create project");
        assertThat(superadmin.locator(".field-error").first()).containsText("Must be a DNS label");
        superadmin.getByLabel("Id").fill(id);
        press(superadmin, "Create project");
        assertThat(superadmin.locator("main")).containsText("was created");
        page.navigate(server() + "/projects/" + id + "/members");

        page.getByLabel("Id of a new team").fill("payments");
        page.getByLabel("Its name").fill("Payments");
        press(page, "Add team");
        page.getByLabel("User name").fill(colleague);
        page.getByLabel("Role").selectOption("approver");
        page.getByLabel("Team", exact()).selectOption("payments");
        press(page, "Save member");
        assertThat(page.locator(".table-list")).containsText(colleague);

        page.navigate(server() + "/projects/" + id + "/policies");
        press(page, "Change the policy for route");
        press(page, "Add stage");
        page.locator("#min-1").fill("7");
        press(page, "Save policy");
        assertThat(page.locator("[role=alert]")).containsText("can be satisfied by nobody");
        shoot(page, "policy-refused");
        page.locator("#min-1").fill("1");
        page.locator("#permission-1").selectOption("client.approve");
        press(page, "Earlier for stage 2");
        press(page, "Save policy");
        assertThat(page.locator("main")).containsText("The policy is changed");
        assertThat(page.locator("section[aria-label=Route] tbody tr").first()).containsText("client.approve");
        page.locator("section[aria-label=Route] a", new Page.LocatorOptions().setHasText("delete"))
                .click();
        press(page, "Save policy");
        assertThat(page.locator("section[aria-label=Route]")).containsText("Only to delete");
        press(page, "Drop the policy to delete");
        assertThat(page.locator("section[aria-label=Route]")).not().containsText("Only to delete");
    }

    @Test
    void policy_that_somebody_else_changed_meanwhile_is_not_overwritten_unseen() {
        String owner = given.person("owner");
        String project = given.project(owner);
        String admin = given.member(project, ProjectRole.ADMIN, "web");
        String policy = "/projects/" + project + "/policies/route";
        Page page = openAs(owner);
        page.navigate(server() + policy + "/edit");
        as(admin)
                .putPolicy(
                        "/api/v1" + policy,
                        List.of(Map.of(
                                "order",
                                1,
                                "required_permission",
                                "client.approve",
                                "team_scope",
                                "any",
                                "min_approvers",
                                2)))
                .expect(200);

        press(page, "Add stage");
        press(page, "Save policy");

        assertThat(page.locator("[role=alert]")).containsText("Someone else changed this policy");
        assertThat(page.locator("section[aria-label='The policy as it is now']"))
                .containsText("client.approve");
        assertThat(page.locator("fieldset.node-group")).hasCount(2);
        shoot(page, "policy-stale");
        press(page, "Save policy");
        assertThat(page.locator("main")).containsText("The policy is changed");
    }

    @Test
    void viewer_sees_everything_and_is_offered_nothing() {
        String project = given.project(given.person("owner"));
        Page editor = openAs(given.member(project, ProjectRole.EDITOR, "web"));
        Page approver = openAs(given.member(project, ProjectRole.APPROVER, "web"));
        String route = activeRoute(project, editor, approver);
        Page viewer = openAs(given.member(project, ProjectRole.VIEWER, "web"));

        viewer.navigate(route);
        assertThat(viewer.locator("h1")).hasText("shop/cart");
        for (String name : new String[] {"Change", "Deploy again", "Request deletion", "Attach client"}) {
            assertThat(button(viewer, name).or(link(viewer, name))).hasCount(0);
        }
        for (String tab : new String[] {"routes", "clients", "attachments", "policies", "members"}) {
            assertThat(viewer.navigate(server() + "/projects/" + project + "/" + tab)
                            .status())
                    .isEqualTo(200);
            assertThat(viewer.locator("main form")).hasCount(0);
        }
        assertThat(viewer.navigate(server() + "/projects/" + project + "/routes/new")
                        .status())
                .isEqualTo(403);
        Page stranger = openAs(given.person("stranger"));
        assertThat(stranger.navigate(route).status()).isEqualTo(404);
        assertThat(stranger.navigate(server() + "/projects/" + project + "/routes")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void many_members_are_read_page_by_page_and_found_by_name() {
        String owner = given.person("owner");
        String project = given.project(owner);
        List<String> viewers = IntStream.range(0, 60)
                .mapToObj(n -> given.member(project, ProjectRole.VIEWER, "web"))
                .toList();
        Page page = openAs(owner);

        page.navigate(server() + "/projects/" + project + "/members");
        assertThat(page.locator(".table-list tbody tr")).hasCount(50);
        page.locator(".pager").getByText("Next").click();
        assertThat(page.locator(".table-list tbody tr")).hasCount(11);

        page.getByLabel("Name", exact()).fill(viewers.get(58).toUpperCase());
        press(page, "Search");
        assertThat(page.locator(".table-list tbody tr")).hasCount(1);
        assertThat(page.locator(".table-list")).containsText("Person " + viewers.get(58));
        page.getByLabel("Name", exact()).fill("nobody-of-this-name");
        press(page, "Search");
        assertThat(page.locator("main")).containsText("No member matches");
        page.getByText("Clear search").click();
        assertThat(page.locator(".table-list tbody tr")).hasCount(50);
    }

    private String activeRoute(String project, Page editor, Page approver) {
        editor.navigate(server() + "/projects/" + project + "/domains/new");
        editor.getByLabel("Host name").fill(project + ".example.com");
        editor.getByLabel("Id").fill("shop");
        press(editor, "Add domain");
        press(editor, "Request route in shop");
        editor.getByLabel("Name", exact()).fill("cart");
        editor.getByLabel("Path", exact()).fill("/cart");
        editor.getByLabel("Service").fill("cart");
        press(editor, "Send request");
        String route = editor.url();
        approver.navigate(route);
        decide(approver, "Approve shop/cart");
        editor.navigate(route);
        press(editor, "Deploy");
        assertThat(editor.locator(".page-title")).containsText("Active");
        return route;
    }

    private static void decide(Page page, String button) {
        press(page, button);
        Locator approve = page.locator("#decide").getByText("Approve", new Locator.GetByTextOptions().setExact(true));
        approve.click();
        assertThat(page.locator(".notice-success")).containsText("pprov");
    }

    private static Page.GetByLabelOptions exact() {
        return new Page.GetByLabelOptions().setExact(true);
    }
}
