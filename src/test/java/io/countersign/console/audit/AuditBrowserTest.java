package io.countersign.console.audit;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import io.countersign.Fixtures.Org;
import io.countersign.approval.Approval;
import io.countersign.cluster.ClusterRequests;
import io.countersign.console.BrowserTest;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The audit trail and the insights in the browser. */
class AuditBrowserTest extends BrowserTest {

    @Autowired
    private JdbcClient jdbc;

    @Test
    void auditor_finds_a_decision_and_what_it_changed() {
        Org org = given.organization();
        Approval request = request(org);
        Page page = openAs(org.owner());
        page.navigate(server() + "/approvals/" + request.id() + "/decide?kind=approve");
        page.getByLabel("Comment (optional)").fill("As discussed in the review.");
        button(page, "Approve").click();
        assertThat(page.locator(".page-title")).containsText("Approved");

        link(page, "Audit trail").click();
        assertThat(page.locator(".audit-row")).hasCount(2);
        Locator decision = page.locator(".audit-row").first();
        assertThat(decision).containsText("Approve cluster " + request.entityName());
        assertThat(decision).containsText("(" + org.owner() + ")");
        assertThat(decision).containsText("in the console from ");
        assertThat(decision).containsText("As discussed in the review.");
        decision.locator("summary").click();
        assertThat(decision.locator("del").first()).isVisible();
        shoot(page, "audit-about");
        link(page, "Approve cluster " + request.entityName()).click();

        assertThat(page).hasURL(Pattern.compile(".*/audit/\\d+"));
        assertThat(page.locator(".changes")).containsText("pending");
        assertThat(page.locator(".changes")).containsText("approved");
        assertThat(page.locator("main")).containsText("in the console");
        shoot(page, "audit-entry");
        link(page, "Open request").click();
        assertThat(page).hasURL(server() + "/approvals/" + request.id());
    }

    @Test
    void filters_hold_and_lead_to_the_same_export() throws IOException {
        Org org = given.organization();
        Approval request = request(org);
        as(org.owner())
                .put("/api/v1/orgs/" + org.id() + "/members/" + org.viewer(), Map.of("role", "developer"))
                .expect(200);
        Page page = openAs(org.owner());
        page.locator("nav.tabs a", new Page.LocatorOptions().setHasText("Audit"))
                .click();
        shoot(page, "audit");

        page.getByLabel("Action").fill("submit");
        press(page, "Search");
        assertThat(page.locator(".audit-row")).hasCount(1);
        assertThat(page.locator(".audit-row")).containsText(request.entityName());
        link(page, "Clear filters").click();
        page.getByLabel("Person").fill(org.owner());
        press(page, "Search");
        assertThat(page.locator(".audit-row")).hasCount(1);
        assertThat(page.locator(".audit-row")).containsText("Set role: " + org.viewer() + " in organization");
        Download download = page.waitForDownload(() -> link(page, "CSV").click());
        assertThat(download.suggestedFilename()).isEqualTo("audit.csv");
        assertThat(Files.readAllLines(download.path()))
                .hasSize(2)
                .last()
                .asString()
                .contains(",set_role,");
        page.getByLabel("Person").fill("nobody");
        press(page, "Search");
        assertThat(page.locator(".empty")).containsText("No entry matches");
    }

    @Test
    void period_is_in_the_zone_of_the_reader() {
        Org org = given.organization();
        Page page = openAs(org.owner());
        page.navigate(server() + "/audit");
        assertThat(page.locator("#zone-hint")).containsText("Times are in Europe/Berlin");
        LocalDateTime here =
                LocalDateTime.now(ZoneId.of("Europe/Berlin")).withSecond(0).withNano(0);

        page.getByLabel("From", new Page.GetByLabelOptions().setExact(true))
                .fill(here.minusMinutes(30).toString());
        page.getByLabel("Until").fill(here.plusMinutes(2).toString());
        press(page, "Search");

        assertThat(page).hasURL(Pattern.compile(".*zone=Europe%2FBerlin.*"));
        assertThat(page.locator(".audit-row").first()).isVisible();
        page.getByLabel("Until").fill(here.minusMinutes(31).toString());
        press(page, "Search");
        assertThat(page.locator("[role=alert]")).containsText("later than from");
        page.getByLabel("From", new Page.GetByLabelOptions().setExact(true))
                .fill(here.minusHours(3).toString());
        press(page, "Search");
        assertThat(page.locator(".empty")).containsText("No entry matches");
    }

    @Test
    void trail_is_read_without_scripts_and_page_by_page() {
        Org org = given.organization();
        for (int i = 0; i < 20; i++) {
            request(org);
        }
        Page page = openWithoutScripts();
        signIn(page, org.owner());

        page.navigate(server() + "/audit?action=submit");
        assertThat(page.locator(".audit-row")).hasCount(20);
        page.navigate(server() + "/audit");
        link(page, "Older").click();

        assertThat(page.locator(".audit-row").last()).containsText("Create organization");
        assertThat(page.locator("#zone-hint")).containsText("Times are in UTC");
        link(page, "Newest").click();
        assertThat(page.locator(".audit-row")).hasCount(20);
    }

    @Test
    void trail_is_closed_to_those_whose_role_does_not_open_it() {
        Org org = given.organization();
        request(org);
        Page page = openAs(org.viewer());

        assertThat(page.locator("nav.tabs a", new Page.LocatorOptions().setHasText("Audit")))
                .hasCount(0);
        page.navigate(server() + "/audit");
        assertThat(page.locator(".empty")).containsText("The trail is not open to you");
        shoot(page, "audit-closed");
        assertThat(page.navigate(server() + "/audit/1").status()).isEqualTo(404);
    }

    @Test
    void insights_show_figures_and_charts() {
        Org org = given.organization();
        for (int week = 0; week < 8; week++) {
            decided(org, Duration.ofDays(7L * week), Duration.ofHours(2 + 5L * week % 11));
            decided(org, Duration.ofDays(7L * week), Duration.ofHours(9 + 3L * week));
        }
        request(org);
        jdbc.sql("update approvals set submitted_at = submitted_at - interval '9 days' where id = ?")
                .param(request(org).id().value())
                .update();
        given.request(ClusterRequests.TYPE, org.scope(), org.owner(), new ClusterRequests().defaultPolicy());
        Page page = openAs(org.viewer());

        page.locator("nav.tabs a", new Page.LocatorOptions().setHasText("Insights"))
                .click();

        assertThat(page.locator(".tile").first()).containsText("16");
        assertThat(page.locator("svg[role=img]")).hasCount(2);
        assertThat(page.locator("#stuck .row-item")).hasCount(1);
        assertThat(page.locator("main")).containsText("cluster.approve");
        assertThat(page.locator("#failed")).hasCount(0);
        page.locator(".chart-table summary").first().click();
        shoot(page, "insights");
        page.getByLabel("Period").selectOption("52");
        page.waitForURL(Pattern.compile(".*weeks=52.*"));
        assertThat(page.locator(".chart-bar").first()).isVisible();
    }

    @Test
    void insights_of_somebody_who_sees_nothing_say_so() {
        Page page = openAs(given.person("newcomer"));

        page.navigate(server() + "/insights");

        assertThat(page.locator("main")).containsText("Nothing was decided in this period");
        assertThat(page.locator("main")).containsText("Nothing waits for a decision");
        shoot(page, "insights-empty");
    }

    @Test
    void superadmin_sees_failed_jobs() {
        Page page = openAs(given.superadmin());

        page.navigate(server() + "/insights");

        assertThat(page.locator("#failed h2")).hasText("Failed jobs");
    }

    private void decided(Org org, Duration ago, Duration after) {
        Approval request = request(org);
        as(org.owner())
                .post(
                        "/api/v1/approvals/" + request.id() + "/stages/"
                                + request.stages().get(0).id() + "/approve",
                        Map.of())
                .expect(200);
        Timestamp closed = Timestamp.from(Instant.now().minus(ago));
        jdbc.sql("update approvals set closed_at = ?, submitted_at = ? where id = ?")
                .params(
                        closed,
                        Timestamp.from(closed.toInstant().minus(after)),
                        request.id().value())
                .update();
        jdbc.sql("update approval_decisions set decided_at = ? where stage_id = ?")
                .params(closed, request.stages().get(0).id().value())
                .update();
    }

    private Approval request(Org org) {
        return given.request(ClusterRequests.TYPE, org.scope(), org.admin(), new ClusterRequests().defaultPolicy());
    }
}
