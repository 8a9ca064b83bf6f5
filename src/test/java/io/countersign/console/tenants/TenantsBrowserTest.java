package io.countersign.console.tenants;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.countersign.Client;
import io.countersign.console.BrowserTest;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Tenants and orchestrators in the browser. */
class TenantsBrowserTest extends BrowserTest {

    private record Orchestrator(String id, String name, Client client) {

        /** @return the path of the new tenant's page */
        String register(String tenantId, String name) {
            return "/tenants/"
                    + client.post(
                                    "/api/v1/tenants",
                                    Map.of("tenant_id", tenantId, "name", name, "contact_email", "ops@example.com"))
                            .expect(201)
                            .at("/id");
        }
    }

    @Test
    void tenant_page_is_reached_in_three_ways() {
        Orchestrator orchestrator = orchestrator();
        String tenant = orchestrator.register("t-1", given.unique("Mill & Sons"));
        String name = as("superadmin").get("/api/v1" + tenant).at("/name");
        Page page = openAs(given.superadmin());

        tab(page, "Dashboard");
        Locator recent = page.getByRole(AriaRole.TABLE);
        assertThat(recent).containsText(name);
        // In the middle of the row, far from the name.
        row(page, name).click();
        assertThat(page).hasURL(server() + tenant);

        tab(page, "Tenants");
        page.getByLabel("Orchestrator").selectOption(orchestrator.id());
        page.waitForURL(Pattern.compile(".*orchestrator=" + orchestrator.id() + ".*"));
        assertThat(page.locator("tbody tr")).hasCount(1);
        row(page, name).click();
        assertThat(page).hasURL(server() + tenant);

        tab(page, "Orchestrators");
        link(page, orchestrator.name()).click();
        assertThat(page.locator("h2#associated-tenants")).hasText("Tenants (1)");
        row(page, name).click();
        assertThat(page).hasURL(server() + tenant);
        assertThat(page.locator("main")).containsText("ops@example.com");
        shoot(page, "tenant-pending");
    }

    @Test
    void superadmin_sets_how_tenants_are_approved() {
        Page page = openAs(given.superadmin());
        tab(page, "Tenants");
        press(page, "Policy");
        press(page, "Change the policy for tenant");
        page.getByText("Requests that wait long").click();
        page.getByLabel("Remind after").fill("P9D");
        press(page, "Save policy");

        assertThat(page.locator("main")).containsText("Reminders after 9 days");
        press(page, "Change the policy for tenant");
        page.getByText("Requests that wait long").click();
        page.getByLabel("Remind after").fill("");
        shoot(page, "policy-form-platform");
        press(page, "Save policy");
        assertThat(page.locator("main")).containsText("tenant.approve");
        shoot(page, "policy-platform");
        Page other = openAs(given.person("somebody"));
        assertThat(other.navigate(server() + "/policies").status()).isEqualTo(403);
    }

    @Test
    void tenant_is_approved_suspended_and_reactivated_each_after_a_dialog() {
        Orchestrator orchestrator = orchestrator();
        String name = given.unique("Bakery");
        String tenant = orchestrator.register("t-1", name);
        Page page = openAs(given.superadmin());
        page.navigate(server() + tenant);

        assertThat(link(page, "Approve")).hasClass(Pattern.compile("btn-approve"));
        assertThat(link(page, "Approve").locator(".bi-check-lg")).hasCount(1);
        assertThat(link(page, "Reject")).hasClass(Pattern.compile("btn-danger"));
        assertThat(link(page, "Reject").locator(".bi-x-lg")).hasCount(1);
        ask(page, "Approve");
        assertThat(page.locator("dialog")).containsText(name + " becomes active");
        press(page, "Back");
        assertThat(page.locator("dialog")).isHidden();
        assertThat(page.locator(".page-title")).containsText("Pending approval");
        ask(page, "Approve");
        press(page, "Approve tenant");
        assertThat(page.locator(".page-title")).containsText("Active");
        assertThat(link(page, "Approve")).hasCount(0);
        assertThat(link(page, "Reject")).hasCount(0);

        assertThat(link(page, "Suspend")).hasClass(Pattern.compile("btn-danger"));
        assertThat(link(page, "Suspend").locator(".bi-ban")).hasCount(1);
        ask(page, "Suspend");
        assertThat(page.locator("dialog")).containsText(name + " is disabled for the time being");
        assertThat(page.locator("dialog")).containsText("Its edges are not disconnected");
        shoot(page, "tenant-suspend");
        page.getByLabel("Reason (optional)").fill("Unpaid bills.");
        press(page, "Suspend tenant");
        assertThat(page.locator(".page-title")).containsText("Suspended");
        assertThat(page.locator(".timeline")).containsText("active → suspended");
        assertThat(page.locator(".timeline")).containsText("Unpaid bills.");
        shoot(page, "tenant-suspended");

        assertThat(link(page, "Reactivate")).hasClass(Pattern.compile("btn-approve"));
        assertThat(link(page, "Reactivate").locator(".bi-check-lg")).hasCount(1);
        ask(page, "Reactivate");
        press(page, "Reactivate tenant");
        assertThat(page.locator(".page-title")).containsText("Active");
    }

    @Test
    void rejected_tenant_has_no_button_and_keeps_its_history_when_registered_anew() {
        Orchestrator orchestrator = orchestrator();
        String rejected = orchestrator.register("t-1", "First try");
        Page page = openAs(given.superadmin());
        page.navigate(server() + rejected);

        ask(page, "Reject");
        press(page, "Reject tenant");
        assertThat(page.locator(".page-title")).containsText("Rejected");
        assertThat(page.locator("main")).containsText("No reason given.");
        assertThat(page.locator(".page-head .btn")).hasCount(0);
        shoot(page, "tenant-rejected");

        String anew = orchestrator.register("t-1", "Second try");
        page.navigate(server() + anew);
        assertThat(page.locator("main")).containsText("Other registrations");
        page.locator(".rows .row-title").click();
        assertThat(page).hasURL(server() + rejected);
        assertThat(page.locator("main")).containsText("This registration is history");
        link(page, "Open its last registration").click();
        assertThat(page).hasURL(server() + anew);
    }

    @Test
    void features_are_switched_per_tenant() {
        Orchestrator orchestrator = orchestrator();
        String tenant = orchestrator.register("t-1", "Factory");
        as("superadmin").post("/api/v1" + tenant + "/approve", Map.of()).expect(200);
        Page page = openAs(given.superadmin());
        page.navigate(server() + tenant);

        assertThat(page.getByLabel("Suricata IDS/IPS")).isChecked();
        page.getByLabel("Suricata IDS/IPS").uncheck();
        press(page, "Save features");

        assertThat(page.getByLabel("Suricata IDS/IPS")).not().isChecked();
        assertThat(page.getByLabel("WireGuard IoT Gateway")).isChecked();
        assertThat(page.locator(".timeline")).containsText("set Suricata IDS/IPS off");
        assertThat(orchestrator
                        .client()
                        .get("/api/v1/sync/features")
                        .json()
                        .at("/tenants/0/features")
                        .toString())
                .isEqualTo("{\"suricata\":false,\"wireguard_iot\":true}");
    }

    @Test
    void orchestrator_is_provisioned_in_two_steps_and_its_secret_shown_once() {
        String name = given.unique("Edge West");
        Page page = openAs(given.superadmin());
        page.context().grantPermissions(List.of("clipboard-read", "clipboard-write"));
        tab(page, "Orchestrators");

        ask(page, "Provision orchestrator");
        assertThat(page.locator("dialog")).containsText("Step 1 of 2");
        page.getByLabel("Contact email").fill("west@example.com");
        press(page, "Provision");
        assertThat(page.locator("dialog .field-error")).hasText("Must have 1 to 200 characters.");
        page.getByLabel("Name").fill(name);
        press(page, "Provision");
        assertThat(page.locator("dialog")).containsText("Step 2 of 2");
        shoot(page, "orchestrator-credentials");
        String clientId = page.getByLabel("Client ID").inputValue();
        button(page, "Copy client secret").click();
        assertThat(page.locator("[data-copy=client-secret]")).containsText("Copied");
        String secret = (String) page.evaluate("navigator.clipboard.readText()");
        link(page, "I have copied them").click();

        assertThat(page.locator("h1")).hasText(name);
        assertThat(page.locator("main")).containsText(clientId);
        assertThat(page.content().contains(secret)).isFalse();
        asOrchestrator(clientId, secret).get("/api/v1/sync/features").expect(200);

        ask(page, "Deprovision");
        assertThat(page.locator("dialog")).containsText(name + " is refused from now on");
        press(page, "Deprovision orchestrator");
        assertThat(page.locator(".page-title")).containsText("Deprovisioned");
        askForToken(clientId, secret).expect(401);
    }

    @Test
    void everything_works_without_scripts() {
        String name = given.unique("Plain");
        Page page = openWithoutScripts();
        signIn(page, given.superadmin());

        page.navigate(server() + "/orchestrators");
        press(page, "Provision orchestrator");
        page.getByLabel("Name").fill(name);
        page.getByLabel("Contact email").fill("plain@example.com");
        press(page, "Provision");
        Client client = asOrchestrator(
                page.getByLabel("Client ID").inputValue(),
                page.getByLabel("Client secret").inputValue());
        link(page, "I have copied them").click();
        link(page, "Edit").click();
        page.getByLabel("Its tenants need approval").selectOption("yes");
        press(page, "Save changes");
        String tenant = new Orchestrator("", name, client).register("t-1", name);
        page.navigate(server() + tenant);
        press(page, "Approve");
        assertThat(page.locator("h1")).hasText("Approve this tenant?");
        press(page, "Approve tenant");

        assertThat(page.locator("main")).containsText(name + " is active.");
    }

    @Test
    void pages_are_for_superadmins_only() {
        String tenant = orchestrator().register("t-1", "Secret");
        Page page = openAs(given.person("stranger"));

        assertThat(link(page, "Dashboard")).hasCount(0);
        assertThat(link(page, "Tenants")).hasCount(0);
        for (String path : List.of(
                "/dashboard", "/tenants", tenant, tenant + "/approve", "/orchestrators", "/orchestrators/new")) {
            assertThat(page.navigate(server() + path).status()).as(path).isEqualTo(403);
        }
    }

    private Orchestrator orchestrator() {
        String name = given.unique("Orchestrator");
        Client.Answer provisioned = as("superadmin")
                .post(
                        "/api/v1/orchestrators",
                        Map.of("name", name, "contact_email", "o@example.com", "approval_required", true))
                .expect(201);
        return new Orchestrator(
                provisioned.at("/id"),
                name,
                asOrchestrator(provisioned.at("/client_id"), provisioned.at("/client_secret")));
    }

    private static void tab(Page page, String name) {
        page.locator("nav.tabs a", new Page.LocatorOptions().setHasText(name)).click();
        page.waitForURL(server() + "/" + name.toLowerCase(Locale.ROOT));
    }

    /** Opens a dialog, once the scripts are there that make it one. */
    private static void ask(Page page, String name) {
        page.waitForLoadState();
        link(page, name).click();
    }

    private static Locator row(Page page, String name) {
        return page.locator("tbody tr", new Page.LocatorOptions().setHasText(name));
    }
}
