package io.countersign.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import io.countersign.Fixtures.Org;
import org.junit.jupiter.api.Test;

/** People type times as their clock shows them; the browser of these tests is in Berlin. */
class TimesBrowserTest extends BrowserTest {

    @Test
    void freeze_window_is_set_in_the_browsers_zone() {
        Org org = given.organization();
        Page page = openAs(org.owner());

        page.navigate(freezes(org));
        assertThat(page.getByLabel("Until (Europe/Berlin)")).isVisible();
        setWindow(page);

        assertThat(as(org.owner()).get("/api/v1" + path(org)).at("/items/0/ends_at"))
                .isEqualTo("2031-07-01T10:00:00Z");
        assertThat(page.locator("main table")).containsText("12:00");
        assertThat(page.locator("main table")).containsText("CEST");
        shoot(page, "freezes");
    }

    @Test
    void freeze_window_is_set_in_utc_without_scripts_and_the_form_says_so() {
        Org org = given.organization();
        Page page = openWithoutScripts();
        signIn(page, org.owner());

        page.navigate(freezes(org));
        assertThat(page.getByLabel("Until (UTC)")).isVisible();
        setWindow(page);

        assertThat(as(org.owner()).get("/api/v1" + path(org)).at("/items/0/ends_at"))
                .isEqualTo("2031-07-01T12:00:00Z");
        assertThat(page.locator("main table")).containsText("1 Jul 2031, 12:00 UTC");
    }

    @Test
    void stand_in_is_named_in_the_zone_that_was_chosen_even_after_a_mistake() {
        Org org = given.organization();
        Page page = openAs(org.owner());
        page.navigate(server() + "/settings/profile");
        page.getByLabel("Time zone").selectOption("Asia/Kolkata");
        press(page, "Save for this browser");

        page.navigate(server() + "/settings/delegations");
        page.locator("#stand_in").fill("nobody-of-that-name");
        page.getByLabel("From (Asia/Kolkata)").fill("2031-06-15T12:00");
        page.getByLabel("Until (Asia/Kolkata)").fill("2031-07-01T12:00");
        press(page, "Ask to stand in");
        assertThat(page.getByLabel("Until (Asia/Kolkata)")).hasValue("2031-07-01T12:00");
        page.locator("#stand_in").fill(org.admin());
        shoot(page, "delegations");
        press(page, "Ask to stand in");
        assertThat(page.locator("[role=status]")).containsText("is asked");

        assertThat(as(org.owner()).get("/api/v1/me/delegations").at("/items/0/until"))
                .isEqualTo("2031-07-01T06:30:00Z");
        Page asked = openAs(org.admin());
        asked.navigate(server() + "/settings/delegations");
        assertThat(asked.locator("main")).containsText("proposed");
        shoot(asked, "delegation-asked");
        press(asked, "Accept to stand in for " + org.owner());
        assertThat(asked.locator("[role=status]")).containsText("You stand in for");
        assertThat(asked.locator("main")).containsText("planned");
    }

    @Test
    void every_time_names_its_zone() {
        Org org = given.organization();
        Page page = openAs(org.owner());

        page.navigate(server() + "/audit?scope=organization:" + org.id());

        assertThat(page.locator("main time").allTextContents())
                .isNotEmpty()
                .allMatch(time -> time.matches(".*\\d{2}:\\d{2} (CET|CEST|GMT[+]\\d+)"));
    }

    private static void setWindow(Page page) {
        page.locator("#reason").fill("Summer sale");
        page.locator("#from").fill("2031-06-01T12:00");
        page.locator("#until").fill("2031-07-01T12:00");
        press(page, "Set the window");
        assertThat(page.locator("[role=status]")).containsText("The freeze window is set");
    }

    private static String freezes(Org org) {
        return server() + path(org);
    }

    private static String path(Org org) {
        return "/orgs/" + org.id() + "/freezes";
    }
}
