package io.countersign.console.operations;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import io.countersign.Fixtures.Org;
import io.countersign.approval.archive.Archive;
import io.countersign.cluster.ClusterFixtures;
import io.countersign.console.BrowserTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Operators see what failed and have it tried again. */
class OperationsBrowserTest extends BrowserTest {

    @Autowired
    private Archive archive;

    @Autowired
    private JdbcClient jdbc;

    @Test
    void operator_reads_why_a_cluster_failed_and_retries_it() throws IOException {
        Org org = given.organization();
        Path block = Files.writeString(Files.createDirectories(MANIFESTS).resolve(org.id()), "in the way");
        as(org.owner())
                .post(ClusterFixtures.clusters(org.id()), ClusterFixtures.body(org.id()))
                .expect(201);
        ClusterFixtures.await(as(org.owner()), org.id(), org.id(), "PROVISIONING_FAILED");
        Page page = openAs(given.superadmin());

        page.navigate(server() + "/operations?process=carry-out");

        Locator row = page.locator("tr", new Page.LocatorOptions().setHasText(org.id()));
        assertThat(row).containsText("Cannot write");
        assertThat(row).containsText("mend the cause");
        shoot(page, "operations");
        Files.delete(block);
        row.locator("button").click();
        assertThat(page.locator("[role=status]")).containsText("runs again");
        ClusterFixtures.await(as(org.owner()), org.id(), org.id(), "RUNNING");
        page.reload();
        assertThat(page.locator("tr", new Page.LocatorOptions().setHasText(org.id())))
                .hasCount(0);
    }

    @Test
    void operator_cancels_a_request_whose_process_was_ended() {
        Org org = given.organization();
        String approval = as(org.admin())
                .post(ClusterFixtures.clusters(org.id()), ClusterFixtures.body(org.id()))
                .expect(201)
                .at("/approval_id");
        endProcess("cluster-approval", approval);
        Page page = openAs(given.superadmin());

        page.navigate(server() + "/operations");
        assertThat(page.locator("tr", new Page.LocatorOptions().setHasText(org.id())))
                .containsText("administrator ended the process");
        page.getByText("create cluster " + org.id()).click();
        assertThat(page.locator("main")).containsText("This request is stuck");
        assertThat(page.locator(".stepper"))
                .containsText("Nobody can decide this stage: the process of the request has ended.");
        assertThat(page.locator(".stepper")).not().containsText("May decide");
        shoot(page, "process-ended");
        press(page, "Cancel request");
        press(page, "Cancel the request");

        assertThat(page.locator("main")).containsText("Cancelled");
        ClusterFixtures.await(as(org.owner()), org.id(), org.id(), "DELETED");
    }

    @Test
    void archived_request_opens_on_the_page_it_always_had() {
        Org org = given.organization();
        String approval = as(org.admin())
                .post(ClusterFixtures.clusters(org.id()), ClusterFixtures.body("prod-eu"))
                .expect(201)
                .at("/approval_id");
        ClusterFixtures.reject(as(org.owner()), approval, "Not this year.").expect(200);
        ClusterFixtures.await(as(org.admin()), org.id(), "prod-eu", "REJECTED");
        jdbc.sql("update approvals set closed_at = closed_at - interval '2 years' where id = ?::uuid")
                .param(approval)
                .update();
        archive.archiveOld();
        Page page = openAs(org.owner());

        page.navigate(server() + "/approvals");
        page.getByText("archive").click();
        assertThat(page.locator("main")).containsText("prod-eu");
        shoot(page, "archive");
        page.getByText("prod-eu").click();

        assertThat(page.locator("main")).containsText("Not this year.");
    }

    @Test
    void operator_sees_which_instance_fell_silent_and_what_it_needs() {
        String silent = given.unique("node");
        jdbc.sql("insert into nodes (id, host, seen_at) values (?, ?, now() - interval '10 seconds')")
                .params(silent, silent)
                .update();
        Page page = openAs(given.superadmin());

        page.navigate(server() + "/operations");

        Locator row = page.locator("tr", new Page.LocatorOptions().setHasText(silent));
        assertThat(row).containsText("Silent");
        assertThat(row).containsText("20 seconds after its last heartbeat");
        assertThat(page.locator("tr", new Page.LocatorOptions().setHasText("This page comes from it")))
                .containsText("Running");
        jdbc.sql("delete from nodes where id = ?").param(silent).update();
        shoot(page, "operations-nodes");
    }

    @Test
    void others_find_no_way_there() {
        Org org = given.organization();
        Page page = openAs(org.owner());

        assertThat(page.locator("nav.tabs")).not().containsText("Operations");
        assertThat(page.navigate(server() + "/operations").status()).isEqualTo(403);
    }
}
