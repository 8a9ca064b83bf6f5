package io.countersign.console.clusters;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import io.countersign.Fixtures.Org;
import io.countersign.cluster.ClusterFixtures;
import io.countersign.console.BrowserTest;
import io.countersign.identity.OrganizationRole;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Clusters from request to running, in the browser. */
class ClusterApprovalBrowserTest extends BrowserTest {

    private static final LocatorAssertions.ContainsTextOptions PATIENTLY =
            new LocatorAssertions.ContainsTextOptions().setTimeout(20_000);

    @Test
    void owner_sets_how_clusters_are_approved_and_an_admin_reads_it() {
        Org org = given.organization();
        given.member(org.id(), given.person("owner"), OrganizationRole.OWNER);
        Page owner = openAs(org.owner());
        infrastructure(owner, org);
        press(owner, "Policy");
        assertThat(owner.locator("main")).containsText("cluster.approve");
        shoot(owner, "policy-organization");

        press(owner, "Change the policy for cluster");
        owner.locator("#min-0").fill("9");
        press(owner, "Save policy");
        assertThat(owner.locator("[role=alert]")).containsText("can be satisfied by nobody");
        owner.locator("#min-0").fill("1");
        press(owner, "Add stage");
        shoot(owner, "policy-form-organization");
        press(owner, "Save policy");

        assertThat(owner.locator("main")).containsText("The policy is changed");
        assertThat(owner.locator("section[aria-label=Cluster] tbody tr")).hasCount(2);
        Page admin = openAs(org.admin());
        infrastructure(admin, org);
        press(admin, "Policy");
        assertThat(admin.locator("section[aria-label=Cluster] tbody tr")).hasCount(2);
        assertThat(admin.locator("main form")).hasCount(0);
        assertThat(link(admin, "Change the policy for cluster")).hasCount(0);
        String edit = server() + "/orgs/" + org.id() + "/policies/cluster/edit";
        assertThat(admin.navigate(edit).status()).isEqualTo(403);
        Page stranger = openAs(given.person("stranger"));
        assertThat(stranger.navigate(server() + "/orgs/" + org.id() + "/policies")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void admin_requests_a_cluster_and_an_owner_approves_it_from_the_banner() {
        Org org = given.organization();
        Page admin = openAs(org.admin());
        Page owner = openAs(org.owner());

        infrastructure(admin, org);
        shoot(admin, "infrastructure-empty");
        press(admin, "Request cluster");
        assertThat(admin.locator("main")).containsText("An owner of " + org.id() + " has to approve your request");
        fill(admin, "prod-eu");
        press(admin, "Add node group");
        admin.getByLabel("Name", new Page.GetByLabelOptions().setExact(true))
                .nth(2)
                .fill("batch");
        admin.getByLabel("Nodes, at most").nth(1).fill("12");
        admin.getByLabel("Machine types").nth(1).fill("c7g.xlarge");
        press(admin, "Send request");

        assertThat(admin.locator("main")).containsText("Waiting for owner");
        assertThat(admin.locator("main")).containsText("APPROVAL_PENDING");
        assertThat(admin.locator(".djs-element.step-active")).isVisible();
        shoot(admin, "cluster-pending");
        infrastructure(admin, org);
        assertThat(banner(admin)).containsText("prod-eu");
        assertThat(banner(admin)).containsText("Waiting for owner");
        assertThat(button(admin, "Approve prod-eu").or(link(admin, "Approve prod-eu")))
                .hasCount(0);

        infrastructure(owner, org);
        link(owner, "Approve prod-eu").click();
        assertThat(owner.locator("dialog")).containsText("Approve this request?");
        assertThat(owner.locator("dialog")).containsText("c7g.xlarge");
        owner.getByLabel("Comment (optional)").fill("Good for the launch.");
        shoot(owner, "decide");
        press(owner, "Approve");

        assertThat(owner.locator("main")).containsText("You approved cluster prod-eu");
        assertThat(banner(owner)).hasCount(0);
        // The admin's page follows by itself.
        admin.navigate(server() + "/orgs/" + org.id() + "/clusters/prod-eu");
        assertThat(admin.locator("main")).containsText("RUNNING", PATIENTLY);
        assertThat(admin.locator("main")).containsText("Good for the launch.");
        assertThat(admin.locator(".djs-element.step-taken[data-element-id=change-done]"))
                .isVisible(new LocatorAssertions.IsVisibleOptions().setTimeout(20_000));
        assertThat(as(org.viewer())
                        .get("/api/v1/orgs/" + org.id() + "/clusters/prod-eu")
                        .expect(200)
                        .at("/status"))
                .isEqualTo("RUNNING");
    }

    @Test
    void rejecting_needs_a_reason_and_the_requester_reads_it() {
        Org org = given.organization();
        Page admin = openAs(org.admin());
        Page owner = openAs(org.owner());
        request(admin, org, "too-large");

        infrastructure(owner, org);
        link(owner, "Reject too-large").click();
        // The browser asks for the reason already; the server does not rely on it.
        owner.locator("dialog textarea").evaluate("field => field.removeAttribute('required')");
        int refused = statusAfter(owner, () -> press(owner, "Reject"));
        assertThat(refused).isEqualTo(422);
        assertThat(owner.locator(".field-error")).isVisible();
        shoot(owner, "reject-without-reason");
        owner.getByLabel("Reason").fill("Half the nodes will do.");
        press(owner, "Reject");

        assertThat(owner.locator("main")).containsText("You rejected cluster too-large");
        admin.navigate(server() + "/inbox");
        assertThat(admin.locator("main")).containsText("Half the nodes will do.");
        shoot(admin, "inbox-requester");
        link(admin, "Create cluster too-large").click();
        assertThat(admin.locator("main")).containsText("rejected this request");
        shoot(admin, "approval-rejected");
    }

    @Test
    void change_that_needs_approval_waits_with_what_it_would_change() {
        Org org = given.organization();
        as(org.owner())
                .putPolicy(
                        "/api/v1/orgs/" + org.id() + "/policies/cluster?action=update",
                        List.of(Map.of("order", 1, "required_permission", "cluster.approve", "team_scope", "any")))
                .expect(200);
        as(org.owner()).post(ClusterFixtures.clusters(org.id()), ClusterFixtures.body("prod-eu"));
        ClusterFixtures.await(as(org.owner()), org.id(), "prod-eu", "RUNNING");
        Page admin = openAs(org.admin());

        admin.navigate(server() + "/orgs/" + org.id() + "/clusters/prod-eu/edit");
        admin.getByLabel("Nodes, at most").fill("1000");
        press(admin, "Save changes");

        assertThat(admin.locator("main")).containsText("Your change of prod-eu waits for an owner's approval.");
        assertThat(admin.locator("main")).containsText("Change waits for owner");
        assertThat(admin.locator("main")).containsText("3 → 1000");
        Page owner = openAs(org.owner());
        owner.navigate(server() + "/orgs/" + org.id() + "/clusters/prod-eu");
        assertThat(owner.locator("main")).containsText("The change of this cluster waits for your decision");
        owner.navigate(server() + "/orgs/" + org.id() + "/policies");
        assertThat(owner.locator("main")).containsText("Only to update");
    }

    @Test
    void everything_needed_to_request_and_decide_works_without_scripts() {
        Org org = given.organization();
        Page admin = openWithoutScripts();
        signIn(admin, org.admin());
        Page owner = openWithoutScripts();
        signIn(owner, org.owner());

        admin.navigate(server() + "/orgs/" + org.id() + "/new-cluster");
        fill(admin, "plain");
        press(admin, "Add node group");
        press(admin, "Remove node group 2");
        press(admin, "Send request");
        assertThat(admin.locator("main")).containsText("Waiting for owner");

        owner.navigate(server() + "/inbox");
        assertThat(owner.locator("nav.tabs")).containsText("1 waiting for you");
        link(owner, "Approve plain").click();
        assertThat(owner.locator("h1")).hasText("Approve this request?");
        press(owner, "Approve");

        assertThat(owner.locator("main")).containsText("You approved cluster plain");
        assertThat(owner.locator("main")).containsText("Nothing waits for you");
    }

    @Test
    void every_member_sees_the_banner_and_only_owners_see_the_buttons() {
        Org org = given.organization();
        request(openAs(org.admin()), org, "seen-by-all");

        for (String member : new String[] {org.developer(), org.viewer()}) {
            Page page = openAs(member);
            infrastructure(page, org);
            assertThat(banner(page)).containsText("seen-by-all");
            assertThat(banner(page)).containsText("Asked: Person " + org.owner());
            assertThat(link(page, "Approve seen-by-all")).hasCount(0);
            assertThat(link(page, "Request cluster")).hasCount(0);
        }
    }

    @Test
    void form_says_at_each_field_what_is_wrong_and_keeps_what_was_typed() {
        Org org = given.organization();
        Page owner = openAs(org.owner());

        owner.navigate(server() + "/orgs/" + org.id() + "/new-cluster");
        assertThat(owner.locator("main")).containsText("no approval is needed");
        fill(owner, "Not A Label");
        owner.getByLabel("Nodes, at least").fill("many");
        int refused = statusAfter(owner, () -> press(owner, "Create cluster"));

        assertThat(refused).isEqualTo(422);
        assertThat(owner.locator("#group-min-0")).hasValue("many");
        assertThat(owner.locator("#group-min-0")).hasClass(Pattern.compile(".*is-invalid.*"));
        owner.getByLabel("Nodes, at least").fill("1");
        press(owner, "Create cluster");
        assertThat(owner.getByLabel("Name").first()).hasValue("Not A Label");
        assertThat(owner.locator("[id='error-name']")).isVisible();
        shoot(owner, "cluster-form-errors");
    }

    @Test
    void clusters_are_found_under_the_pending_approval_filter() {
        Org org = given.organization();
        Page admin = openAs(org.admin());
        request(admin, org, "waiting");

        infrastructure(admin, org);
        link(admin, "Running").click();
        assertThat(admin.locator("main")).containsText("No cluster is in this state");
        link(admin, "Pending Approval").click();

        assertThat(admin.locator(".table-list")).containsText("waiting");
        assertThat(admin.locator(".table-list")).containsText("Pending Approval");
    }

    @Test
    void owner_changes_and_deletes_a_running_cluster() {
        Org org = given.organization();
        Page owner = openAs(org.owner());
        request(owner, org, "short-lived");
        assertThat(owner.locator("main")).containsText("RUNNING", PATIENTLY);

        press(owner, "Change");
        owner.getByLabel("Kubernetes version").fill("1.32");
        press(owner, "Save changes");
        assertThat(owner.locator("main")).containsText("1.32");
        assertThat(owner.locator("main")).containsText("RUNNING", PATIENTLY);
        press(owner, "Delete");
        assertThat(owner.locator("dialog")).containsText("Delete this cluster?");
        press(owner, "Delete cluster");

        assertThat(owner.locator("main")).containsText("DELETED", PATIENTLY);
    }

    @Test
    void owner_retries_a_failed_cluster() throws IOException {
        Org org = given.organization();
        Files.createDirectories(MANIFESTS);
        Files.writeString(MANIFESTS.resolve(org.id()), "in the way");
        Page admin = openAs(org.admin());
        Page owner = openAs(org.owner());
        request(owner, org, "unlucky");

        assertThat(owner.locator("main")).containsText("The last change failed", PATIENTLY);
        assertThat(owner.locator(".djs-element.step-failed").first()).isVisible();
        shoot(owner, "cluster-failed");
        admin.navigate(server() + "/orgs/" + org.id() + "/clusters/unlucky");
        assertThat(admin.locator("main")).containsText("An owner or an operator can retry it.");
        assertThat(button(admin, "Retry")).hasCount(0);
        Files.delete(MANIFESTS.resolve(org.id()));
        press(owner, "Retry");

        assertThat(owner.locator("main")).containsText("RUNNING", PATIENTLY);
    }

    @Test
    void a_stale_page_says_that_somebody_else_decided() {
        Org org = given.organization();
        Page admin = openAs(org.admin());
        Page owner = openAs(org.owner());
        request(admin, org, "contested");
        infrastructure(owner, org);
        link(owner, "Reject contested").click();
        owner.getByLabel("Reason").fill("No.");

        String approval = as(org.owner())
                .get("/api/v1/orgs/" + org.id() + "/clusters/contested")
                .expect(200)
                .at("/approval_id");
        as(org.admin())
                .post("/api/v1/approvals/" + approval + "/cancel", Map.of())
                .expect(200);
        int answer = statusAfter(owner, () -> press(owner, "Reject"));

        assertThat(answer).isEqualTo(409);
        assertThat(owner.locator("[role=alert]")).containsText("This request is cancelled already");
        assertThat(owner.locator("main")).containsText("Cancelled");
    }

    @Test
    void a_button_on_a_stale_page_leads_to_the_request_as_it_is_now() {
        Org org = given.organization();
        Page admin = openAs(org.admin());
        Page owner = openAs(org.owner());
        request(admin, org, "withdrawn");
        infrastructure(owner, org);
        infrastructure(admin, org);
        link(admin, "Request for withdrawn").click();
        press(admin, "Cancel request");
        press(admin, "Cancel the request");

        link(owner, "Approve withdrawn").click();

        assertThat(owner.locator("h1")).hasText("Create cluster withdrawn");
        assertThat(owner.locator("main")).containsText("Cancelled");
    }

    @Test
    void a_page_that_follows_its_cluster_asks_to_sign_in_again_when_the_session_has_ended() {
        Org org = given.organization();
        Page owner = openAs(org.owner());
        request(owner, org, "watched");

        owner.context().clearCookies();

        assertThat(owner.locator("h1")).hasText("Sign in", new LocatorAssertions.HasTextOptions().setTimeout(20_000));
    }

    private void request(Page page, Org org, String name) {
        page.navigate(server() + "/orgs/" + org.id() + "/new-cluster");
        fill(page, name);
        page.locator(".form-foot .btn-primary").click();
        assertThat(page.locator("h1")).hasText(name);
    }

    private static void fill(Page page, String name) {
        page.getByLabel("Name").first().fill(name);
        page.getByLabel("Region").fill("eu-west-1");
        page.getByLabel("Kubernetes version").fill("1.31");
        page.getByLabel("Machine types").first().fill("t3.large, t3.xlarge");
    }

    private static void infrastructure(Page page, Org org) {
        page.navigate(server() + "/orgs/" + org.id() + "/infrastructure");
    }

    private static Locator banner(Page page) {
        return page.locator(".banner");
    }
}
