package io.countersign.console.members;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Page;
import io.countersign.console.BrowserTest;
import org.junit.jupiter.api.Test;

/** How a new person gets in, from the superadmin's form to their own first page. */
class PeopleBrowserTest extends BrowserTest {

    @Test
    void superadmin_hands_over_a_link_by_which_a_new_person_chooses_their_password() {
        String anna = given.unique("anna");
        Page superadmin = openAs(given.superadmin());
        link(superadmin, "People").first().click();
        shoot(superadmin, "people");
        press(superadmin, "Add person");
        shoot(superadmin, "person-form");
        superadmin.getByLabel("User name").fill(anna);
        superadmin
                .getByLabel("Name", new Page.GetByLabelOptions().setExact(true))
                .fill("Anna");
        press(superadmin, "Add and invite");
        shoot(superadmin, "invitation-link");
        String link = superadmin.getByLabel("Link to choose a password").inputValue();
        press(superadmin, "I have copied it");
        assertThat(superadmin.locator("main")).containsText("by a link that was shown once");
        shoot(superadmin, "person");

        Page person = open();
        person.navigate(link);
        shoot(person, "invitation");
        person.getByLabel("Password", new Page.GetByLabelOptions().setExact(true))
                .fill("correct horse battery");
        person.getByLabel("Password again").fill("correct horse battery");
        press(person, "Set password");
        assertThat(person.locator("main")).containsText("Your password is set.");
        person.getByLabel("User name").fill(anna);
        person.getByLabel("Password", new Page.GetByLabelOptions().setExact(true))
                .fill("correct horse battery");
        press(person, "Sign in");

        assertThat(person).hasURL(server() + "/inbox");
    }
}
