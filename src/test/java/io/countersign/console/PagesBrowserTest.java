package io.countersign.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Response;
import io.countersign.Fixtures.Org;
import io.countersign.approval.Approval;
import io.countersign.cluster.ClusterFixtures;
import io.countersign.cluster.ClusterRequests;
import io.countersign.identity.OrganizationRole;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The pages that every approval, person and mistake has in common. */
class PagesBrowserTest extends BrowserTest {

    private static final Pattern TAKEN = Pattern.compile(".*flow-taken.*");

    @Test
    void wrong_password_is_refused_without_saying_which_half_is_wrong() {
        Page page = open();

        page.navigate(server() + "/inbox");
        assertThat(page.locator("h1")).hasText("Sign in");
        assertThat(page.locator("main")).containsText("acme-owner2");
        page.getByLabel("User name").fill(given.person("careless"));
        page.getByLabel("Password").fill("wrong");
        press(page, "Sign in");

        assertThat(page.locator("[role=alert]")).containsText("do not belong together");
        shoot(page, "login-refused");
    }

    @Test
    void signing_out_ends_the_session() {
        Page page = openAs(given.person("guest"));

        shoot(page, "inbox-empty");
        page.locator(".user-menu summary").click();
        press(page, "Sign out");

        assertThat(page.locator("main")).containsText("You are signed out");
        page.navigate(server() + "/inbox");
        assertThat(page.locator("h1")).hasText("Sign in");
    }

    @Test
    void person_works_in_the_organization_they_opened_last() {
        Org first = given.organization();
        Org second = given.organization();
        given.member(second.id(), first.owner(), OrganizationRole.VIEWER);
        Page page = openAs(first.owner());

        page.navigate(server() + "/orgs/" + second.id() + "/infrastructure");
        page.navigate(server() + "/inbox");
        assertThat(page.locator(".org-menu summary")).containsText(second.id());
        page.locator(".org-menu summary").click();
        page.locator(".org-menu .menu-item", new Page.LocatorOptions().setHasText(first.id()))
                .click();

        assertThat(page.locator(".org-menu summary")).containsText(first.id());
        assertThat(page.locator("main")).containsText("Clusters of organization " + first.id());
    }

    @Test
    void submitter_is_told_why_they_may_not_decide_and_can_discuss_and_cancel() {
        Org org = given.organization();
        Approval approval = request(org, org.admin());
        Page admin = openAs(org.admin());

        Response shown = admin.navigate(server() + "/approvals/" + approval.id() + "/decide?kind=approve");
        assertThat(shown.status()).isEqualTo(200);
        assertThat(admin.locator("main")).containsText("Nobody decides their own request");
        assertThat(admin.getByText("Approve", new Page.GetByTextOptions().setExact(true)))
                .hasCount(0);
        admin.getByLabel("Add a comment").fill("Needed before Friday.");
        press(admin, "Comment");
        assertThat(admin.locator("#discussion")).containsText("Needed before Friday.");
        shoot(admin, "approval-own");
        press(admin, "Cancel request");
        press(admin, "Cancel the request");

        assertThat(admin.locator("main")).containsText("The request is cancelled.");
        assertThat(button(admin, "Cancel request")).hasCount(0);
    }

    @Test
    void approver_reads_the_whole_request_before_deciding() {
        Org org = given.organization();
        Approval approval = request(org, org.admin());
        Page owner = openAs(org.owner());

        owner.navigate(server() + "/inbox");
        assertThat(owner).hasTitle("(1) Inbox · Countersign");
        link(owner, "Create cluster " + approval.entityName()).click();
        assertThat(owner.locator("main")).containsText("If you approve, it is carried out at once.");
        assertThat(owner.locator("main")).containsText(approval.contentHash());
        press(owner, "Approve " + approval.entityName());
        press(owner, "Approve");

        assertThat(owner.locator(".stepper")).containsText("approved in the console");
        owner.navigate(server() + "/approvals?status=approved&entity_type=cluster");
        assertThat(owner.locator(".table-list")).containsText(approval.entityName());
    }

    @Test
    void request_page_tells_its_history_and_draws_the_way_taken() {
        Org org = given.organization();
        Approval approval = request(org, org.admin());
        as(org.viewer())
                .post("/api/v1/approvals/" + approval.id() + "/comments", Map.of("text", "Why three?"))
                .expect(201);
        as(org.owner())
                .post(
                        "/api/v1/approvals/" + approval.id() + "/stages/"
                                + approval.stage(1).id() + "/approve",
                        Map.of("comment", "Good for the launch."))
                .expect(200);
        Page viewer = openAs(org.viewer());

        viewer.navigate(server() + "/approvals/" + approval.id());

        assertThat(viewer.locator("#timeline li").first()).containsText("submitted the request");
        assertThat(viewer.locator("#timeline")).containsText("Why three?");
        assertThat(viewer.locator("#timeline"))
                .containsText("Person " + org.owner() + " approved stage 1 through the API");
        assertThat(viewer.locator("#timeline")).containsText("Good for the launch.");
        assertThat(viewer.locator("#timeline")).containsText("asked Person " + org.owner() + " to decide stage 1");
        assertThat(viewer.locator(".djs-element.step-taken[data-element-id=decide-stage]"))
                .isVisible();
        assertThat(viewer.locator(".djs-connection.flow-taken")).not().hasCount(0);
    }

    @Test
    void way_of_an_admins_request_does_not_lead_past_the_approval() {
        Org org = given.organization();
        String approval = as(org.admin())
                .post(ClusterFixtures.clusters(org.id()), ClusterFixtures.body("prod-eu"))
                .expect(201)
                .at("/approval_id");
        ClusterFixtures.approve(as(org.owner()), approval).expect(200);
        Page viewer = openAs(org.viewer());

        viewer.navigate(server() + "/approvals/" + approval);

        assertThat(flow(viewer, "approved-at-once-to-approval-due")).hasClass(TAKEN);
        assertThat(flow(viewer, "approved-to-release-due")).hasClass(TAKEN);
        assertThat(flow(viewer, "approved-at-once-to-release-due")).not().hasClass(TAKEN);
        shoot(viewer, "approval-way-taken");
    }

    private static Locator flow(Page page, String id) {
        return page.locator(".djs-connection[data-element-id=" + id + "]");
    }

    @Test
    void superadmin_overrides_a_stuck_request_with_a_reason() {
        Org org = given.organization();
        Approval approval = request(org, org.owner());
        Page owner = openAs(org.owner());
        Page superadmin = openAs(given.superadmin());

        owner.navigate(server() + "/approvals/" + approval.id());
        assertThat(owner.locator("main")).containsText("This request is stuck");
        assertThat(button(owner, "Approve by override")).hasCount(0);
        superadmin.navigate(server() + "/approvals/" + approval.id());
        shoot(superadmin, "approval-stuck");
        superadmin.getByLabel("Reason for the override").fill("The other owner has left.");
        press(superadmin, "Approve by override");

        assertThat(superadmin.locator(".stepper")).containsText("Override by a superadmin");
        assertThat(superadmin.locator(".stepper")).containsText("The other owner has left.");
        shoot(superadmin, "approval-overridden");
    }

    @Test
    void what_is_not_for_one_or_not_there_is_answered_by_a_page() {
        Org org = given.organization();
        Approval approval = request(org, org.admin());
        Page stranger = openAs(given.person("stranger"));
        Page viewer = openAs(org.viewer());

        assertThat(stranger.navigate(server() + "/approvals/" + approval.id()).status())
                .isEqualTo(404);
        assertThat(stranger.navigate(server() + "/orgs/" + org.id() + "/infrastructure")
                        .status())
                .isEqualTo(404);
        assertThat(stranger.navigate(server() + "/no/such/page").status()).isEqualTo(404);
        assertThat(stranger.locator("h1")).hasText("Page not found");
        shoot(stranger, "not-found");
        assertThat(viewer.navigate(server() + "/orgs/" + org.id() + "/new-cluster")
                        .status())
                .isEqualTo(403);
        assertThat(viewer.locator("main")).containsText("cluster.create");
    }

    @Test
    void person_sets_where_they_are_told_of_what() {
        Org org = given.organization();
        Page owner = openAs(org.owner());

        owner.navigate(server() + "/settings/notifications");
        assertThat(owner.locator("main")).containsText(org.owner() + "@example.com");
        owner.getByLabel("Name").last().fill("On call");
        owner.getByLabel("Address or webhook URL").fill("on-call@example.com");
        press(owner, "Add channel");
        assertThat(owner.locator("main")).containsText("Not confirmed");
        owner.getByLabel("Channel is on").first().uncheck();
        press(owner, "Save");
        assertThat(owner.locator("main")).containsText("is saved");
        assertThat(owner.getByLabel("Channel is on").first()).not().isChecked();
        press(owner, "Delete On call");

        assertThat(owner.locator("main")).not().containsText("on-call@example.com");
    }

    @Test
    void person_changes_their_password() {
        Page page = openAs(given.person("mindful"));

        page.navigate(server() + "/settings/profile");
        page.getByLabel("Present password").fill("demo");
        page.getByLabel("New password", new Page.GetByLabelOptions().setExact(true))
                .fill("a much longer one");
        page.getByLabel("New password again").fill("a much longer typo");
        press(page, "Change password");
        assertThat(page.locator(".field-error")).containsText("Must be the same as above");
        page.getByLabel("Present password").fill("demo");
        page.getByLabel("New password", new Page.GetByLabelOptions().setExact(true))
                .fill("a much longer one");
        page.getByLabel("New password again").fill("a much longer one");
        press(page, "Change password");

        assertThat(page.locator("main")).containsText("Your password is changed.");
    }

    private Approval request(Org org, String submitter) {
        return given.request(ClusterRequests.TYPE, org.scope(), submitter, new ClusterRequests().defaultPolicy());
    }
}
