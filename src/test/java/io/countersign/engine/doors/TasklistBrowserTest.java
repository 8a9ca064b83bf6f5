package io.countersign.engine.doors;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import io.countersign.Client.Answer;
import io.countersign.Fixtures.Org;
import io.countersign.console.BrowserTest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Tasklist and Cockpit are part of the product: one sign-in, the same decision under the same rules. */
class TasklistBrowserTest extends BrowserTest {

    /** Camunda's web applications load slowly on a busy machine. */
    private static final int PATIENCE = 45_000;

    @Test
    void owner_approves_a_cluster_in_tasklist() {
        Org org = given.organization();
        String approval = request(org).at("/approval_id");
        Page owner = tasklist(org);

        owner.getByText("Decide: create cluster prod-eu").click();
        Locator payload = owner.getByLabel("What is asked for");
        assertThat(payload).hasValue(Pattern.compile("eu-west-1"));
        button(owner, "Claim").click();
        owner.getByLabel("Approve").check();
        owner.getByLabel("Comment").fill("Seen in Tasklist.");
        owner.locator("button:has-text('Complete')").click();

        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(
                        () -> assertThat(as(org.owner()).get(cluster(org)).at("/status"))
                                .isEqualTo("RUNNING"));
        JsonNode decision =
                as(org.owner()).get("/api/v1/approvals/" + approval).json().at("/stages/0/decisions/0");
        assertThat(decision.get("decided_by").asText()).isEqualTo(org.owner());
        assertThat(decision.get("origin").asText()).isEqualTo("tasklist");
        assertThat(decision.get("comment").asText()).isEqualTo("Seen in Tasklist.");
    }

    @Test
    void rejection_without_a_reason_is_refused_in_tasklist_in_the_rules_words() {
        Org org = given.organization();
        request(org);
        Page owner = tasklist(org);

        owner.getByText("Decide: create cluster prod-eu").click();
        button(owner, "Claim").click();
        owner.getByLabel("Reject").check();
        owner.locator("button:has-text('Complete')").click();

        assertThat(owner.locator("body")).containsText("must give the reason");
        assertThat(as(org.owner()).get(cluster(org)).at("/status")).isEqualTo("APPROVAL_PENDING");
    }

    @Test
    void signing_out_of_tasklist_ends_the_one_session() {
        Org org = given.organization();
        Page owner = tasklist(org);

        owner.locator("li.account").click();
        owner.locator("li.logout a, a.logout").first().click();

        owner.waitForURL(server() + "/login", new Page.WaitForURLOptions().setTimeout(PATIENCE));
        owner.navigate(server() + "/inbox");
        assertThat(owner).hasURL(server() + "/login");
    }

    private Page tasklist(Org org) {
        Page page = openAs(org.owner());
        page.setDefaultTimeout(PATIENCE);
        page.navigate(server() + "/camunda/app/tasklist/default/");
        page.getByText("My decisions").waitFor();
        return page;
    }

    private static Answer request(Org org) {
        return as(org.admin())
                .post(
                        "/api/v1/orgs/" + org.id() + "/clusters",
                        Map.of(
                                "name", "prod-eu",
                                "provider", "aws",
                                "region", "eu-west-1",
                                "kubernetes_version", "1.31",
                                "node_groups",
                                        List.of(Map.of(
                                                "name",
                                                "workers",
                                                "min_nodes",
                                                1,
                                                "max_nodes",
                                                3,
                                                "machine_types",
                                                List.of("t3.large")))))
                .expect(201);
    }

    private static String cluster(Org org) {
        return "/api/v1/orgs/" + org.id() + "/clusters/prod-eu";
    }
}
