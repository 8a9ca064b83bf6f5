package io.countersign.identity.people;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.Client;
import io.countersign.attack.Visitor;
import io.countersign.notification.MailTest;
import jakarta.mail.internet.MimeMessage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Nobody but the person themselves ever knows the first password of an account. */
class InvitationsTest extends MailTest {

    private static final String PASSWORD = "correct horse battery";
    private static final Pattern LINK = Pattern.compile("http\\S+(/invitation\\?token=[A-Za-z0-9_-]{43})");

    @Test
    void new_person_is_mailed_a_link_and_sets_their_own_password() throws Exception {
        String anna = given.unique("anna");

        Client.Answer added = add(anna, address(anna)).expect(201);

        assertThat(added.json().at("/invitation/link").isNull()).isTrue();
        assertThat(added.at("/invitation/mail_to")).isEqualTo(address(anna));
        MimeMessage mail = awaitMail(anna, "Welcome to Countersign");
        Visitor browser = new Visitor(server());
        String page = link(mail);
        assertThat(browser.get(page).expect(200).header("Referrer-Policy")).hasValue("no-referrer");
        Visitor.Answer set = browser.submit(page, "/invitation", passwords(page, PASSWORD, PASSWORD));
        assertThat(set.expect(302).location()).isEqualTo("/login?welcome");
        signIn(anna, PASSWORD).expect(200);
        assertThat(user(anna).path("email_confirmed").asBoolean())
                .as("the address is theirs")
                .isTrue();
        assertThat(user(anna).path("invitation").isNull()).isTrue();
        assertThat(actions(anna)).containsExactly("issue_token", "accept_invitation", "confirm", "invite", "create");
    }

    @Test
    void link_works_once() {
        String anna = given.unique("anna");
        String token = token(add(anna, null).expect(201));

        accept(token, PASSWORD).expect(204);

        accept(token, "another fine password").expectProblem(404, "not_found");
        signIn(anna, PASSWORD).expect(200);
    }

    @Test
    void link_that_expired_does_not_work() {
        String anna = given.unique("anna");
        String token = token(add(anna, null).expect(201));
        jdbc.sql("update invitations set expires_at = now() where user_id = ?")
                .param(anna)
                .update();

        accept(token, PASSWORD).expectProblem(404, "not_found");
        new Visitor(server()).get("/invitation?token=" + token).expect(404);
    }

    @Test
    void where_mail_does_not_reach_the_link_is_shown_once_to_whoever_made_the_account() {
        String anna = given.unique("anna");

        Client.Answer added = add(anna, null).expect(201);

        assertThat(added.at("/invitation/link")).startsWith(server() + "/invitation?token=");
        assertThat(user(anna).at("/invitation/link").isNull()).isTrue();
        assertThat(jdbc.sql("select count(*) from invitation_links where token_hash = ?")
                        .param(token(added))
                        .query(Integer.class)
                        .single())
                .as("stored as it is")
                .isZero();
        accept(token(added), PASSWORD).expect(204);
        assertThat(user(anna).path("email_confirmed").asBoolean()).isFalse();
    }

    @Test
    void nobody_chooses_a_password_for_somebody_else() {
        Map<String, Object> body = new HashMap<>(body(given.unique("anna"), null));
        body.put("password", PASSWORD);

        as("superadmin").post("/api/v1/users", body).expect(422);
    }

    @Test
    void password_that_breaks_the_rule_leaves_the_link_as_it_is() {
        String anna = given.unique("anna");
        String token = token(add(anna, null).expect(201));
        Visitor browser = new Visitor(server());
        String page = "/invitation?token=" + token;

        accept(token, "short").expectProblem(422, "invalid_input");
        assertThat(browser.submit(page, "/invitation", passwords(page, PASSWORD, "something else"))
                        .expect(422)
                        .text())
                .contains("Must be the same as above.");

        accept(token, PASSWORD).expect(204);
    }

    @Test
    void invitation_that_is_sent_again_ends_the_one_before() throws Exception {
        String anna = given.unique("anna");
        String first = token(add(anna, null).expect(201));

        Client.Answer again = invite(anna, Map.of("email", address(anna)));

        assertThat(again.expect(200).at("/invitation/mail_to")).isEqualTo(address(anna));
        accept(first, PASSWORD).expectProblem(404, "not_found");
        String token = link(awaitMail(anna, "Welcome to Countersign")).replaceFirst(".*=", "");
        accept(token, PASSWORD).expect(204);
        assertThat(user(anna).path("email_confirmed").asBoolean()).isTrue();
    }

    @Test
    void forgotten_password_is_reset_by_a_link_that_ends_all_earlier_sign_ins() throws Exception {
        String paul = given.person("paul");
        String token = as(paul).get("/api/v1/auth/me")
                .expect(200)
                .raw()
                .request()
                .headers()
                .firstValue("Authorization")
                .orElseThrow();

        invite(paul, Map.of()).expect(200);
        signIn(paul, "demo").expect(200);
        accept(link(awaitMail(paul, "Set a new password")).replaceFirst(".*=", ""), PASSWORD)
                .expect(204);

        signIn(paul, "demo").expectProblem(401, "bad_credentials");
        signIn(paul, PASSWORD).expect(200);
        withToken(token.replace("Bearer ", "")).get("/api/v1/auth/me").expect(401);
        assertThat(actions(paul)).contains("reset_password", "invite");
    }

    @Test
    void account_in_use_gets_no_other_address_that_its_password_could_be_sent_to() {
        String paul = given.person("paul");

        invite(paul, Map.of("email", "mallory@example.com")).expectProblem(409, "address_in_use");
    }

    @Test
    void only_superadmins_invite_and_nobody_themselves_or_the_deactivated() {
        String paul = given.person("paul");
        String superadmin = given.superadmin();

        as(paul).post("/api/v1/users", body(given.unique("anna"), null)).expectProblem(403, "missing_permission");
        as(paul).post("/api/v1/users/" + superadmin + "/invite", Map.of()).expectProblem(403, "missing_permission");
        as(superadmin).post("/api/v1/users/" + superadmin + "/invite", Map.of()).expectProblem(409, "not_yourself");
        as(superadmin).post("/api/v1/users/" + paul + "/deactivate", Map.of()).expect(200);
        invite(paul, Map.of()).expectProblem(409, "deactivated");
    }

    @Test
    void deactivation_ends_the_invitation() {
        String anna = given.unique("anna");
        String token = token(add(anna, null).expect(201));

        as("superadmin").post("/api/v1/users/" + anna + "/deactivate", Map.of()).expect(200);

        accept(token, PASSWORD).expectProblem(404, "not_found");
        as("superadmin").post("/api/v1/users/" + anna + "/reactivate", Map.of()).expect(200);
        accept(token, PASSWORD).expectProblem(404, "not_found");
        invite(anna, Map.of("email", address(anna))).expect(200);
    }

    @Test
    void invitation_waits_for_a_mail_server_that_is_away() throws Exception {
        String anna = given.unique("anna");
        mailServerIs(false);
        add(anna, address(anna)).expect(201);
        await().untilAsserted(() -> assertThat(jdbc.sql("select attempts from invitations where user_id = ?")
                        .param(anna)
                        .query(Integer.class)
                        .single())
                .isPositive());

        mailServerIs(true);
        jdbc.sql("update invitations set next_attempt_at = now() where user_id = ?")
                .param(anna)
                .update();

        accept(link(awaitMail(anna, "Welcome to Countersign")).replaceFirst(".*=", ""), PASSWORD)
                .expect(204);
    }

    @Test
    void superadmin_adds_invites_and_deactivates_people_in_the_console() {
        String anna = given.unique("anna");
        Visitor browser = new Visitor(server());
        browser.signIn(given.superadmin());

        String shown = browser.submit(
                        "/people/new", "/people/new", Map.of("id", anna, "display_name", "Anna", "email", ""))
                .expect(200)
                .text();
        Matcher link = LINK.matcher(shown);
        assertThat(link.find()).as(shown).isTrue();
        assertThat(browser.get("/people?q=" + anna).expect(200).text()).contains("invited");
        browser.submit("/people/" + anna, "/people/" + anna + "/invite", Map.of("email", address(anna)))
                .expect(302);
        assertThat(browser.get("/people/" + anna).expect(200).text()).contains("a link by mail to " + address(anna));
        browser.submit("/people/" + anna, "/people/" + anna + "/deactivate", Map.of("reason", "left"))
                .expect(302);
        assertThat(browser.get("/people?q=" + anna).expect(200).text()).contains("deactivated");
        Visitor other = new Visitor(server());
        other.signIn(given.person("paul"));
        other.get("/people").expect(403);
    }

    private static Client.Answer add(String id, String email) {
        return as("superadmin").post("/api/v1/users", body(id, email));
    }

    private static Map<String, Object> body(String id, String email) {
        return email == null
                ? Map.of("id", id, "display_name", "Person " + id)
                : Map.of("id", id, "display_name", "Person " + id, "email", email);
    }

    private static Client.Answer invite(String id, Map<String, Object> body) {
        return as("superadmin").post("/api/v1/users/" + id + "/invite", body);
    }

    private static Client.Answer accept(String token, String password) {
        return anonymous().post("/api/v1/auth/invitation", Map.of("token", token, "password", password));
    }

    private static Client.Answer signIn(String name, String password) {
        return anonymous().post("/api/v1/auth/login", Map.of("username", name, "password", password));
    }

    private static JsonNode user(String id) {
        return as("superadmin").get("/api/v1/users/" + id).expect(200).json();
    }

    private static List<String> actions(String id) {
        return as("superadmin").all("/api/v1/audit?entity_type=user&entity_id=" + id).stream()
                .map(entry -> entry.path("action").asText())
                .toList();
    }

    private static String token(Client.Answer invited) {
        return invited.at("/invitation/link").replaceFirst(".*=", "");
    }

    private static String link(MimeMessage mail) {
        Matcher link = LINK.matcher(text(mail));
        assertThat(link.find()).as(text(mail)).isTrue();
        return link.group(1);
    }

    private static Map<String, String> passwords(String page, String password, String again) {
        return Map.of("token", page.replaceFirst(".*=", ""), "password", password, "password_again", again);
    }
}
