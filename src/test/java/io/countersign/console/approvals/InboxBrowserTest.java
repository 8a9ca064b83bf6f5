package io.countersign.console.approvals;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.assertions.PageAssertions;
import io.countersign.Fixtures.Org;
import io.countersign.approval.Approval;
import io.countersign.approval.Policy;
import io.countersign.cluster.ClusterRequests;
import io.countersign.console.BrowserTest;
import io.countersign.gateway.RouteRequests;
import io.countersign.identity.OrganizationRole;
import io.countersign.identity.Permission;
import io.countersign.identity.ProjectRole;
import io.countersign.identity.Scope;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The inbox: what waits for a person, wherever it is, decided one by one or several at once. */
class InboxBrowserTest extends BrowserTest {

    private static final Policy ONE_OWNER = Policy.singleStage(Permission.CLUSTER_APPROVE);

    @Test
    void one_lands_on_everything_that_waits_in_organizations_and_projects_alike() {
        Org org = given.organization();
        String project = given.project(given.person("owner"));
        String editor = given.member(project, ProjectRole.EDITOR, "web");
        String approver = given.member(project, ProjectRole.APPROVER, "web");
        given.member(org.id(), approver, OrganizationRole.OWNER);
        Approval cluster = request(org);
        Approval route = given.request(
                RouteRequests.TYPE, Scope.project(project), editor, Policy.singleStage(Permission.ROUTE_APPROVE));

        Page page = openAs(approver);

        assertThat(page).hasURL(Pattern.compile(".*/inbox(\\?continue)?"));
        assertThat(page).hasTitle("(2) Inbox · Countersign");
        assertThat(row(page, cluster)).containsText("organization " + org.id());
        assertThat(row(page, route)).containsText("project " + project);
        row(page, route).locator("summary").click();
        assertThat(row(page, route).locator(".inbox-detail")).containsText("somebody may deploy it");
        page.getByLabel("About").selectOption("route");
        assertThat(page.locator(".inbox-item")).hasCount(1);
    }

    @Test
    void ten_requests_are_decided_by_keyboard_alone() {
        Org org = given.organization();
        for (int i = 0; i < 9; i++) {
            request(org);
        }
        Approval odd = request(org);
        Page page = openAs(org.owner());
        assertThat(page.locator(".inbox-item")).hasCount(10);

        // The newest is first: look at it, reject it with a reason.
        page.keyboard().press("j");
        page.keyboard().press("o");
        assertThat(row(page, odd).locator(".inbox-detail")).isVisible();
        page.keyboard().press("r");
        page.getByLabel("Reason").fill("Not this one.");
        page.keyboard().press("Tab");
        page.keyboard().press("Tab");
        page.keyboard().press("Enter");
        assertThat(page.locator(".notice-success")).containsText("You rejected cluster " + odd.entityName());
        // The rest: two keys each, and one stays where one was.
        for (int left = 9; left > 0; left--) {
            assertThat(page.locator(".inbox-item")).hasCount(left);
            assertThat(page.locator(".inbox-item:focus")).hasCount(1);
            page.keyboard().press("a");
            assertThat(button(page, "Approve")).isFocused();
            page.keyboard().press("Enter");
            assertThat(page.locator(".notice-success")).containsText("You approved cluster");
        }

        assertThat(page.locator("main")).containsText("Nothing waits for you");
        assertThat(page).hasTitle("Inbox · Countersign");
    }

    @Test
    void several_are_decided_at_once_and_each_says_what_became_of_it() {
        Org org = given.organization();
        Approval first = request(org);
        Approval second = request(org);
        Approval third = request(org);
        Page page = openAs(org.owner());

        page.locator("[data-select-all]").check();
        assertThat(page.locator("[data-selected]")).hasText("3 selected");
        page.keyboard().press("a");
        assertThat(page.locator("h1")).hasText("Approve these 3 requests?");
        assertThat(page.locator(".inbox-item")).hasCount(3);
        // Meanwhile one is cancelled.
        as(org.admin())
                .post("/api/v1/approvals/" + second.id() + "/cancel", Map.of())
                .expect(200);
        page.getByLabel("Comment on each (optional)").fill("All three as planned.");
        button(page, "Approve all 3").click();

        assertThat(page.locator("h1")).hasText("2 of 3 decisions are recorded");
        assertThat(result(page, second)).containsText("Not recorded");
        assertThat(result(page, second)).containsText("cancelled already");
        for (Approval approved : List.of(first, third)) {
            assertThat(result(page, approved)).containsText("You approved cluster " + approved.entityName());
            var recorded =
                    as(org.owner()).get("/api/v1/approvals/" + approved.id()).expect(200);
            assertThat(recorded.at("/status")).isEqualTo("approved");
            assertThat(recorded.at("/stages/0/comment")).isEqualTo("All three as planned.");
            assertThat(recorded.at("/stages/0/decisions/0/origin")).isEqualTo("console");
        }
        page.reload();
        assertThat(page.locator("h1")).hasText("Inbox");
    }

    @Test
    void several_are_rejected_with_one_reason_and_without_scripts() {
        Org org = given.organization();
        Approval first = request(org);
        Approval second = request(org);
        Approval own = given.request(ClusterRequests.TYPE, org.scope(), org.owner(), ONE_OWNER);
        Page page = openWithoutScripts();
        signIn(page, org.owner());

        assertThat(page.locator("main")).containsText(own.entityName());
        row(page, first).locator("input").check();
        row(page, second).locator("input").check();
        button(page, "Reject selected…").click();
        assertThat(page.locator("h1")).hasText("Reject these 2 requests?");
        page.getByLabel("Reason for each").fill(" ");
        assertThat(statusAfter(page, () -> button(page, "Reject all 2").click()))
                .isEqualTo(422);
        assertThat(page.locator(".field-error")).isVisible();
        page.getByLabel("Reason for each").fill("Budget is spent.");
        button(page, "Reject all 2").click();

        assertThat(page.locator("h1")).hasText("Every decision is recorded");
        for (Approval rejected : List.of(first, second)) {
            assertThat(as(org.admin())
                            .get("/api/v1/approvals/" + rejected.id())
                            .expect(200)
                            .at("/stages/0/comment"))
                    .isEqualTo("Budget is spent.");
        }
        // What one may not decide is left out, with the rule's reason, however one asks for it.
        page.navigate(server() + "/inbox/decide?kind=approve&item=" + own.id());
        assertThat(page.locator("main")).containsText("Nobody decides their own request");
        assertThat(page.locator("main")).containsText("nothing left to decide");
    }

    @Test
    void the_count_and_the_list_follow_without_being_loaded_anew() {
        Org org = given.organization();
        Page elsewhere = openAs(org.owner());
        elsewhere.navigate(server() + "/projects");
        Page inbox = openAs(org.owner());
        assertThat(inbox).hasTitle("Inbox · Countersign");

        Approval request = request(org);

        assertThat(inbox).hasTitle("(1) Inbox · Countersign", new PageAssertions.HasTitleOptions().setTimeout(15_000));
        assertThat(row(inbox, request)).isVisible(new LocatorAssertions.IsVisibleOptions().setTimeout(15_000));
        assertThat(elsewhere)
                .hasTitle("(1) Projects · Countersign", new PageAssertions.HasTitleOptions().setTimeout(15_000));
        assertThat(elsewhere.locator("[data-inbox-count]")).containsText("1");
        // A list that is being worked on is not pulled away.
        row(inbox, request).locator("input").check();
        as(org.admin())
                .post("/api/v1/approvals/" + request.id() + "/cancel", Map.of())
                .expect(200);
        assertThat(inbox.locator("[data-inbox-stale]"))
                .isVisible(new LocatorAssertions.IsVisibleOptions().setTimeout(15_000));
        assertThat(row(inbox, request)).isVisible();
        assertThat(elsewhere).hasTitle("Projects · Countersign");
    }

    @Test
    void what_one_submitted_says_where_it_stands() {
        Org org = given.organization();
        Approval waiting = request(org);
        Approval rejected = request(org);
        as(org.owner())
                .post(
                        "/api/v1/approvals/" + rejected.id() + "/stages/"
                                + rejected.stage(1).id() + "/reject",
                        Map.of("comment", "Too large."))
                .expect(200);
        Page page = openAs(org.admin());

        link(page, "All that you submitted").click();

        assertThat(page.locator(".row-item", containing(waiting))).containsText("waits for Person " + org.owner());
        assertThat(page.locator(".row-item", containing(rejected))).containsText("Too large.");
        assertThat(page.locator(".row-item", containing(rejected))).containsText("Rejected");
    }

    private Approval request(Org org) {
        return given.request(ClusterRequests.TYPE, org.scope(), org.admin(), ONE_OWNER);
    }

    private static Locator row(Page page, Approval approval) {
        return page.locator("#request-" + approval.id());
    }

    private static Locator result(Page page, Approval approval) {
        return page.locator(".row-item", containing(approval));
    }

    private static Page.LocatorOptions containing(Approval approval) {
        return new Page.LocatorOptions().setHasText(approval.entityName());
    }
}
