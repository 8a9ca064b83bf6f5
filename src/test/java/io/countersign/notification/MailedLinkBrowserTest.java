package io.countersign.notification;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import io.countersign.Fixtures.Org;
import io.countersign.console.BrowserTest;
import org.junit.jupiter.api.Test;

class MailedLinkBrowserTest extends BrowserTest {

    private static final LocatorAssertions.ContainsTextOptions PATIENTLY =
            new LocatorAssertions.ContainsTextOptions().setTimeout(20_000);

    @Test
    void admin_requests_a_cluster_and_an_owner_approves_it_by_the_mailed_link() {
        Org org = given.organization();
        Page admin = openAs(org.admin());
        admin.navigate(server() + "/orgs/" + org.id() + "/new-cluster");
        admin.getByLabel("Name").first().fill("prod-eu");
        admin.getByLabel("Region").fill("eu-west-1");
        admin.getByLabel("Kubernetes version").fill("1.31");
        admin.getByLabel("Machine types").first().fill("t3.large");
        press(admin, "Send request");
        assertThat(admin.locator("main")).containsText("APPROVAL_PENDING");
        String token = MailTest.tokens(MailTest.awaitMail(org.owner(), "Approval needed"))
                .get(0);

        Page owner = open();
        owner.navigate(server() + "/notification/approval?token=" + token);
        assertThat(owner).hasURL(server() + "/login");
        owner.getByLabel("User name").fill(org.owner());
        owner.getByLabel("Password").fill("demo");
        button(owner, "Sign in").click();
        assertThat(owner.locator("h1")).containsText("Approve: create cluster prod-eu");
        assertThat(status(org)).as("what opening the link decides").isEqualTo("APPROVAL_PENDING");
        shoot(owner, "mailed-link");
        press(owner, "Approve this request");

        assertThat(owner.locator("main")).containsText("approved");
        admin.navigate(server() + "/orgs/" + org.id() + "/clusters/prod-eu");
        assertThat(admin.locator("main")).containsText("RUNNING", PATIENTLY);
        MailTest.awaitMail(org.admin(), "Approved");
    }

    private static String status(Org org) {
        return as(org.viewer())
                .get("/api/v1/orgs/" + org.id() + "/clusters/prod-eu")
                .expect(200)
                .at("/status");
    }
}
