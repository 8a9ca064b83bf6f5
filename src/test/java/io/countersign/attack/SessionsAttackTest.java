package io.countersign.attack;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.Client;
import io.countersign.Fixtures.Org;
import io.countersign.ServerTest;
import io.countersign.cluster.ClusterFixtures;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** Sessions cannot be planted, stolen, replayed or used by other websites. */
class SessionsAttackTest extends ServerTest {

    private static final Set<RequestMethod> CHANGING =
            Set.of(RequestMethod.POST, RequestMethod.PUT, RequestMethod.PATCH, RequestMethod.DELETE);

    @Autowired
    @Qualifier("requestMappingHandlerMapping")
    RequestMappingHandlerMapping mappings;

    @Autowired
    JdbcClient jdbc;

    @Test
    void session_planted_before_sign_in_is_not_signed_in_after_it() {
        Visitor victim = new Visitor(server());
        victim.get("/login").expect(200);
        String planted = victim.cookie(Visitor.SESSION);
        assertThat(planted).isNotBlank();

        victim.signIn(given.person("victim"));

        assertThat(victim.signedIn()).isTrue();
        assertThat(victim.cookie(Visitor.SESSION)).isNotEqualTo(planted);
        assertThat(new Visitor(server()).setCookie(Visitor.SESSION, planted).signedIn())
                .isFalse();
    }

    @Test
    void session_made_up_by_a_client_is_not_taken() {
        Visitor victim =
                new Visitor(server()).setCookie(Visitor.SESSION, "MDAwMDAwMDAtMDAwMC0wMDAwLTAwMDAtMDAwMDAwMDAwMDAw");
        victim.signIn(given.person("victim"));

        assertThat(victim.cookie(Visitor.SESSION)).doesNotStartWith("MDAwMDAwMDAtMDAwMC0wMDAw");
    }

    @Test
    void session_is_not_opened_by_what_the_database_holds_of_it() {
        String person = given.person("victim");
        Visitor victim = new Visitor(server());
        victim.signIn(person);
        String stored = jdbc.sql("select session_id from spring_session where principal_name = ?")
                .param(person)
                .query(String.class)
                .single();
        String cookie = new String(Base64.getDecoder().decode(victim.cookie(Visitor.SESSION)), StandardCharsets.UTF_8);

        assertThat(stored).hasSize(64).isNotEqualTo(cookie);
        for (String stolen : List.of(stored, base64(stored), cookie)) {
            assertThat(new Visitor(server()).setCookie(Visitor.SESSION, stolen).signedIn())
                    .as(stolen)
                    .isFalse();
        }
        assertThat(victim.signedIn()).isTrue();
    }

    @Test
    void session_is_worthless_after_signing_out() {
        Visitor victim = new Visitor(server());
        victim.signIn(given.person("victim"));
        String stolen = victim.cookie(Visitor.SESSION);

        victim.submit("/settings/profile", "/logout", Map.of()).expect(302);

        assertThat(new Visitor(server()).setCookie(Visitor.SESSION, stolen).signedIn())
                .isFalse();
    }

    @Test
    void changed_password_ends_every_other_session_and_every_token() {
        String victim = given.person("victim");
        String stolenToken = anonymous()
                .post("/api/v1/auth/login", Map.of("username", victim, "password", "demo"))
                .expect(200)
                .at("/token");
        Visitor thief = new Visitor(server());
        thief.signIn(victim);
        Visitor owner = new Visitor(server());
        owner.signIn(victim);

        String next = "correct horse battery staple";
        owner.submit(
                        "/settings/profile",
                        "/settings/profile/password",
                        Map.of("current_password", "demo", "new_password", next, "new_password_again", next))
                .expect(302);

        assertThat(owner.signedIn()).isTrue();
        assertThat(thief.signedIn()).isFalse();
        bearer(stolenToken).get("/api/v1/auth/me").expectProblem(401, "unauthenticated");
    }

    @Test
    void token_is_worthless_after_signing_out() {
        String victim = given.person("victim");
        String token = anonymous()
                .post("/api/v1/auth/login", Map.of("username", victim, "password", "demo"))
                .expect(200)
                .at("/token");
        bearer(token).get("/api/v1/auth/me").expect(200);

        bearer(token).post("/api/v1/auth/logout", null).expect(204);

        bearer(token).get("/api/v1/auth/me").expectProblem(401, "unauthenticated");
    }

    @Test
    void token_in_the_address_or_in_a_form_is_not_taken() {
        String token = anonymous()
                .post("/api/v1/auth/login", Map.of("username", given.person("victim"), "password", "demo"))
                .expect(200)
                .at("/token");
        Visitor visitor = new Visitor(server());

        visitor.get("/api/v1/auth/me?access_token=" + token).expect(401);
        visitor.post("/api/v1/auth/logout", Map.of("access_token", token)).expect(401);
        bearer(token).get("/api/v1/auth/me").expect(200);
    }

    @Test
    void session_cookie_is_kept_from_scripts_and_from_other_websites() {
        Visitor visitor = new Visitor(server());

        String cookie = visitor.signIn(given.person("victim")).setCookie(Visitor.SESSION);

        assertThat(cookie).contains("; HttpOnly").contains("; SameSite=Lax").contains("; Path=/");
        assertThat(cookie).doesNotContain("Domain=");
    }

    @Test
    void cookies_go_over_tls_only_where_tls_is_spoken() {
        Visitor visitor = new Visitor(server()).overTls();

        assertThat(visitor.signIn(given.person("victim")).setCookie(Visitor.SESSION))
                .contains("; Secure");
        assertThat(visitor.get("/camunda/app/tasklist/default/").expect(200).setCookie("XSRF-TOKEN"))
                .containsIgnoringCase(";Secure")
                .containsIgnoringCase("SameSite=Lax");
    }

    @Test
    void no_page_changes_anything_for_another_website() {
        Visitor victim = new Visitor(server());
        victim.signIn("superadmin");
        List<String> pages = changing(path -> !path.startsWith("/api/"));
        assertThat(pages).hasSizeGreaterThan(30).contains("POST /settings/profile/password");

        for (String page : pages) {
            assertThat(send(victim, page).status()).as(page).isEqualTo(403);
        }
        victim.post("/logout", Map.of()).expect(403);
        assertThat(victim.signedIn()).isTrue();
    }

    @Test
    void no_resource_takes_a_session_for_a_sign_in() {
        Visitor victim = new Visitor(server());
        victim.signIn("superadmin");
        List<String> resources = changing(path -> path.startsWith("/api/"));
        assertThat(resources).hasSizeGreaterThan(30).contains("POST /api/v1/orgs/x/clusters");

        for (String resource : resources) {
            // These two take what they are sent for a proof of who somebody is.
            if (!List.of("POST /api/v1/auth/login", "POST /api/v1/auth/invitation")
                    .contains(resource)) {
                assertThat(send(victim, resource).status()).as(resource).isEqualTo(401);
            }
        }
        victim.get("/api/v1/auth/me").expect(401);
        victim.get("/engine-rest/task").expect(401);
        victim.post("/engine-rest/task/x/complete", Map.of()).expect(401);
    }

    @ParameterizedTest
    @CsvSource({
        "claim, '{\"userId\":\"PERSON\"}'",
        "unclaim, {}",
        "complete, '{\"variables\":{\"decision\":{\"value\":\"approve\"}}}'",
        "submit-form, '{\"variables\":{\"decision\":{\"value\":\"approve\"}}}'",
        "comment/create, '{\"message\":\"x\"}'"
    })
    void web_applications_do_nothing_to_a_task_for_another_website(String action, String body) {
        Org org = given.organization();
        String approval = as(org.admin())
                .post(ClusterFixtures.clusters(org.id()), ClusterFixtures.body(given.unique("c")))
                .expect(201)
                .at("/approval_id");
        String task = as(org.owner())
                .get("/engine-rest/task?processVariables=approvalId_eq_" + approval)
                .expect(200)
                .at("/0/id");
        Visitor victim = new Visitor(server());
        victim.signIn(org.owner());
        victim.get("/camunda/app/tasklist/default/").expect(200);

        Visitor.Answer answer = victim.send(
                "POST",
                "/camunda/api/engine/engine/default/task/" + task + "/" + action,
                "application/json",
                body.replace("PERSON", org.owner()));

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.header("X-XSRF-TOKEN"))
                .as("refused by the token's filter")
                .hasValue("Required");
        assertThat(as(org.owner())
                        .get("/engine-rest/task/" + task)
                        .expect(200)
                        .json()
                        .get("assignee")
                        .isNull())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "PUT, /camunda/api/engine/engine/default/job/x/retries",
        "POST, /camunda/api/engine/engine/default/message",
        "POST, /camunda/api/engine/engine/default/group",
        "POST, /camunda/api/engine/engine/default/deployment/create",
        "DELETE, /camunda/api/engine/engine/default/process-instance/x",
        "POST, /camunda/api/engine/engine/default/authorization/create",
        "POST, /camunda/api/engine/engine/default/user/create",
        "POST, /camunda/api/admin/auth/user/default/logout"
    })
    void web_applications_change_nothing_for_another_website(String method, String path) {
        Visitor victim = new Visitor(server());
        victim.signIn("admin");
        victim.get("/camunda/app/tasklist/default/").expect(200);

        victim.send(method, path, "application/json", "{}").expect(403);
    }

    @Test
    void web_applications_sign_out_with_their_token_and_end_the_one_session() {
        Visitor person = new Visitor(server());
        person.signIn(given.person("person"));
        person.get("/camunda/app/tasklist/default/").expect(200);

        person.send(
                        "POST",
                        "/camunda/api/admin/auth/user/default/logout",
                        "application/json",
                        "{}",
                        "X-XSRF-TOKEN",
                        person.cookie("XSRF-TOKEN"))
                .expect(204);

        assertThat(person.signedIn()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/camunda/api/admin/auth/user/default/login/cockpit",
                "/camunda/api/admin/setup/default/user/create"
            })
    void web_applications_have_no_sign_in_or_set_up_of_their_own(String path) {
        Visitor visitor = new Visitor(server());
        visitor.signIn("admin");
        visitor.get("/camunda/app/tasklist/default/").expect(200);

        visitor.send(
                        "POST",
                        path,
                        "application/x-www-form-urlencoded",
                        "username=admin&password=demo",
                        "X-XSRF-TOKEN",
                        visitor.cookie("XSRF-TOKEN"))
                .expect(403);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Client bearer(String token) {
        return withToken(token);
    }

    private static Visitor.Answer send(Visitor visitor, String methodAndPath) {
        String[] parts = methodAndPath.split(" ");
        return visitor.send(parts[0], parts[1], "application/x-www-form-urlencoded", "x=y");
    }

    /** @return method and path of everything that this server has to change something, with x for each variable */
    private List<String> changing(java.util.function.Predicate<String> filter) {
        List<String> found = new ArrayList<>();
        mappings.getHandlerMethods()
                .forEach((mapping, method) -> mapping.getMethodsCondition().getMethods().stream()
                        .filter(CHANGING::contains)
                        .forEach(verb -> mapping.getPatternValues().stream()
                                .map(pattern -> pattern.replaceAll("\\{[^/]+}", "x"))
                                .filter(filter)
                                .forEach(path -> found.add(verb + " " + path))));
        return found.stream().distinct().sorted().toList();
    }
}
