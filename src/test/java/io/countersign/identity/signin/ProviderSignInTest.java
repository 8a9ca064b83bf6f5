package io.countersign.identity.signin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.ServerTest;
import io.countersign.attack.Visitor;
import io.countersign.identity.OrganizationRole;
import io.countersign.identity.UserId;
import io.countersign.identity.organization.Organizations;
import io.countersign.identity.people.People;
import io.countersign.identity.project.Projects;
import io.countersign.identity.throttle.SignInThrottle;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.oidc.OidcIdToken;
import org.springframework.security.oauth2.core.oidc.user.DefaultOidcUser;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;
import org.springframework.transaction.support.TransactionTemplate;

/** People sign in at a provider that runs beside the server, as their browser would. */
class ProviderSignInTest extends ServerTest {

    private static final Pattern CSRF = Pattern.compile("name=\"_csrf\"[^>]* value=\"([^\"]+)\"");

    private static Provider provider;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    Organizations organizations;

    @Autowired
    Projects projects;

    @BeforeAll
    static void startProvider() {
        provider = Provider.start(PROVIDER_PORT, server());
    }

    @AfterAll
    static void stopProvider() {
        provider.close();
    }

    /** The server's configuration names what the groups give, so it is the same in every test. */
    @BeforeEach
    void makeWhatTheGroupsGive() {
        if (!organizations.exists("sso-org")) {
            organizations.create("sso-org", "By groups", new UserId(given.person("owner")));
            String owner = given.person("owner");
            projects.create("sso-project", "By groups", new Projects.Team("web", "Web"), new UserId(owner));
        }
    }

    @Test
    void person_signs_in_at_the_provider_and_gets_one_session_for_console_and_web_applications() {
        String name = newcomer(List.of("sso-owners"));
        Visitor visitor = new Visitor(server());
        visitor.get("/approvals?status=pending").expect(302);
        String before = visitor.cookie(Visitor.SESSION);
        assertThat(visitor.get("/login").expect(200).text())
                .contains("href=\"/oauth2/authorization/oidc\"")
                .contains("Sign in with <span>Example ID</span>");

        Visitor.Answer answer = signIn(visitor, name);

        assertThat(answer.location()).startsWith("/approvals?status=pending");
        assertThat(visitor.cookie(Visitor.SESSION)).isNotEqualTo(before);
        String profile = visitor.get("/settings/profile").expect(200).text();
        assertThat(profile).contains("<code>" + name + "</code>").contains("Name of " + name);
        visitor.get("/camunda/app/tasklist/default/").expect(200);
        assertThat(visitor.get("/camunda/api/admin/auth/user/default")
                        .expect(200)
                        .text())
                .contains("\"userId\":\"" + name + "\"");
        assertThat(jdbc.sql("select email_confirmed from users where id = ?")
                        .param(name)
                        .query(Boolean.class)
                        .single())
                .isTrue();
        JsonNode trail = as("superadmin")
                .get("/api/v1/audit?action=sign_in&entity_id=" + name)
                .json()
                .at("/items");
        assertThat(trail).hasSize(1);
        assertThat(trail.at("/0/actor").asText()).isEqualTo(name);
        assertThat(trail.at("/0/details/way").asText()).isEqualTo("provider");
    }

    @Test
    void request_to_the_provider_has_a_state_a_nonce_and_a_proof_key_and_names_our_own_address() {
        String location = new Visitor(server())
                .with("X-Forwarded-Host", "evil.example")
                .get("/oauth2/authorization/oidc")
                .expect(302)
                .location();

        Map<String, String> parameters = parameters(location);
        assertThat(location).startsWith(Provider.issuer(PROVIDER_PORT) + "/oauth2/authorize?");
        assertThat(parameters)
                .containsEntry("response_type", "code")
                .containsEntry("client_id", "countersign")
                .containsEntry("code_challenge_method", "S256")
                .containsEntry("redirect_uri", server() + "/login/oauth2/code/oidc")
                .containsKeys("state", "nonce", "code_challenge");
        assertThat(parameters.get("scope").split(" ")).contains("openid");
    }

    @Test
    void same_person_comes_back_as_the_same_person_whatever_their_name_is_by_then() {
        String name = newcomer(List.of());
        signIn(new Visitor(server()), name);
        Map<String, Object> renamed = claims(name, List.of());
        renamed.put("preferred_username", name + "-married");
        provider.tells(name, renamed);

        Visitor visitor = new Visitor(server());
        signIn(visitor, name);

        assertThat(visitor.get("/settings/profile").expect(200).text()).contains("<code>" + name + "</code>");
    }

    @Test
    void name_that_somebody_has_here_is_not_taken_over() {
        String local = given.superadmin();
        provider.tells("thief-" + local, claims(local, List.of("sso-owners")));
        Visitor thief = new Visitor(server());

        Visitor.Answer answer = signIn(thief, "thief-" + local);

        assertThat(answer.location()).isEqualTo("/login?refused=name_taken");
        assertThat(thief.get("/login?refused=name_taken").text()).contains("Someone else already has your user name");
        assertThat(thief.signedIn()).isFalse();
        assertThat(memberships(local)).containsExactly("platform:platform superadmin");
        assertThat(as("superadmin").all("/api/v1/audit?action=fail_sign_in&entity_id=(unknown)"))
                .filteredOn(entry -> entry.path("ip_address").asText().equals(thief.address()))
                .extracting(entry -> entry.at("/details/code").asText())
                .containsExactly("name_taken");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "../x", "ADMIN", "@x", "System", "anonymous", "Camunda Admin", "demo-orchestrator"})
    void odd_name_is_made_a_proper_one_or_refused(String odd) {
        String subject = given.unique("odd");
        Map<String, Object> claims = claims(odd, List.of());
        provider.tells(subject, claims);
        Visitor visitor = new Visitor(server());

        Visitor.Answer answer = signIn(visitor, subject);

        // "ADMIN" is "admin", who is here, and "System" is nobody's to have; the others are no names.
        assertThat(answer.location()).startsWith("/login?refused=name_");
        assertThat(visitor.signedIn()).isFalse();
    }

    @Test
    void control_characters_in_what_the_provider_tells_do_no_harm() {
        String name = newcomer(List.of());
        Map<String, Object> claims = claims(name, List.of("a\0b"));
        claims.put("name", "Eve\0\r\nBcc: x@example.org");
        claims.put("email", "a\0b@example.com");
        provider.tells(name, claims);
        Visitor visitor = new Visitor(server());

        signIn(visitor, name);

        assertThat(visitor.get("/settings/profile").expect(200).text()).contains("Eve   Bcc: x@example.org");
    }

    @ParameterizedTest
    @ValueSource(strings = {"iss", "aud", "nonce", "exp", "azp"})
    void token_that_is_not_for_us_now_and_for_this_sign_in_is_refused(String claim) {
        String name = newcomer(List.of());
        Map<String, Object> claims = claims(name, List.of());
        switch (claim) {
            case "iss" -> claims.put("iss", "http://127.0.0.1:1");
            case "aud" -> claims.put("aud", List.of("somebody-else"));
            case "exp" -> {
                claims.put("iat", Instant.now().minusSeconds(7200));
                claims.put("exp", Instant.now().minusSeconds(3600));
            }
            case "azp" -> {
                claims.put("aud", List.of("countersign", "somebody-else"));
                claims.put("azp", "somebody-else");
            }
            default -> claims.put(claim, "other");
        }
        provider.tells(name, claims);
        Visitor visitor = new Visitor(server());

        Visitor.Answer answer = signIn(visitor, name);

        assertThat(answer.location()).isEqualTo("/login?refused=provider");
        assertThat(visitor.signedIn()).isFalse();
        assertThat(jdbc.sql("select count(*) from users where id = ?")
                        .param(name)
                        .query(Integer.class)
                        .single())
                .isZero();
    }

    @Test
    void answer_of_the_provider_works_once_and_in_the_browser_that_asked() {
        String name = newcomer(List.of());
        Visitor attacker = new Visitor(server());
        String callback = atTheProvider(attacker, name);
        Visitor victim = new Visitor(server());
        victim.get("/oauth2/authorization/oidc").expect(302);

        assertThat(victim.get(callback).expect(302).location()).isEqualTo("/login?refused=provider");
        assertThat(victim.signedIn()).isFalse();

        assertThat(attacker.get(callback).expect(302).location()).isEqualTo("/");
        assertThat(new Visitor(server()).get(callback).expect(302).location()).isEqualTo("/login?refused=provider");
    }

    @Test
    void groups_give_roles_at_each_sign_in_and_take_what_they_gave() {
        String name = newcomer(List.of("sso-admins", "sso-web-approvers", "sso-operators", "unknown"));
        Visitor first = new Visitor(server());
        signIn(first, name);
        assertThat(memberships(name))
                .containsExactlyInAnyOrder(
                        "organization:sso-org admin",
                        "project:sso-project approver web",
                        "platform:platform superadmin");
        first.get("/dashboard").expect(200);

        provider.tells(name, claims(name, List.of("sso-web-approvers", "sso-owners")));
        Visitor second = new Visitor(server());
        signIn(second, name);
        assertThat(memberships(name))
                .containsExactlyInAnyOrder("organization:sso-org owner", "project:sso-project approver web");
        assertThat(first.signedIn())
                .as("the session of when they were superadmin")
                .isFalse();
        assertThat(second.get("/dashboard").status()).isEqualTo(403);

        provider.tells(name, claims(name, List.of()));
        signIn(new Visitor(server()), name);
        assertThat(memberships(name)).isEmpty();
    }

    @Test
    void what_was_given_by_hand_stays() {
        String name = newcomer(List.of());
        signIn(new Visitor(server()), name);
        given.member("sso-org", name, OrganizationRole.VIEWER);

        provider.tells(name, claims(name, List.of("sso-admins")));
        signIn(new Visitor(server()), name);
        assertThat(memberships(name)).containsExactly("organization:sso-org viewer");
        provider.tells(name, claims(name, List.of()));
        signIn(new Visitor(server()), name);
        assertThat(memberships(name)).containsExactly("organization:sso-org viewer");

        String other = newcomer(List.of("sso-admins"));
        signIn(new Visitor(server()), other);
        given.member("sso-org", other, OrganizationRole.DEVELOPER);
        provider.tells(other, claims(other, List.of()));
        signIn(new Visitor(server()), other);
        assertThat(memberships(other)).as("changed by hand").containsExactly("organization:sso-org developer");
    }

    @Test
    void nobody_signs_in_with_a_password_that_the_provider_does_not_know() {
        String name = newcomer(List.of());
        signIn(new Visitor(server()), name);

        for (String guess : List.of("provider", "demo", "", name)) {
            assertThat(new Visitor(server()).signIn(name, guess).location()).isEqualTo("/login?error");
        }
    }

    @Test
    void signing_out_here_signs_out_at_the_provider() {
        String name = newcomer(List.of());
        Visitor visitor = new Visitor(server());
        signIn(visitor, name);

        Visitor.Answer out =
                visitor.submit("/settings/profile", "/logout", Map.of()).expect(302);

        assertThat(out.location()).startsWith(Provider.issuer(PROVIDER_PORT) + "/connect/logout?");
        assertThat(parameters(out.location()))
                .containsEntry("post_logout_redirect_uri", server() + "/login?signed_out")
                .containsKey("id_token_hint");
        assertThat(out.header("content-security-policy").orElseThrow())
                .endsWith("form-action 'self' " + Provider.issuer(PROVIDER_PORT));
        assertThat(visitor.signedIn()).isFalse();
        assertThat(visitor.get(out.location()).expect(302).location()).isEqualTo(server() + "/login?signed_out");
        assertThat(visitor.get(visitor.get("/oauth2/authorization/oidc").location())
                        .location())
                .as("the provider asks again")
                .endsWith("/login");
    }

    @Test
    void account_that_the_provider_refuses_is_signed_out_within_minutes() {
        String name = newcomer(List.of("sso-owners"));
        Visitor visitor = new Visitor(server());
        signIn(visitor, name);
        provider.disable(name);
        assertThat(visitor.signedIn()).as("the provider was asked just now").isTrue();

        lastChecked(name, Duration.ofMinutes(6));

        assertThat(visitor.signedIn()).isFalse();
        visitor.get("/camunda/api/admin/auth/user/default").expect(401);
        assertThat(sessionsOf(name)).isZero();
    }

    @Test
    void account_in_order_stays_signed_in_with_what_its_groups_give_by_then() {
        String name = newcomer(List.of("sso-owners"));
        Visitor visitor = new Visitor(server());
        signIn(visitor, name);
        provider.tells(name, claims(name, List.of("sso-web-approvers")));

        lastChecked(name, Duration.ofMinutes(6));

        assertThat(visitor.signedIn()).isTrue();
        assertThat(memberships(name)).containsExactly("project:sso-project approver web");

        // Each answer brings what to ask with the next time.
        provider.tells(name, claims(name, List.of()));
        lastChecked(name, Duration.ofMinutes(6));
        assertThat(visitor.signedIn()).isTrue();
        assertThat(memberships(name)).isEmpty();
    }

    @Test
    void session_ends_with_a_platform_role_that_it_holds() {
        String name = newcomer(List.of("sso-operators"));
        Visitor visitor = new Visitor(server());
        signIn(visitor, name);
        visitor.get("/dashboard").expect(200);
        provider.tells(name, claims(name, List.of()));

        lastChecked(name, Duration.ofMinutes(6));

        assertThat(visitor.get("/dashboard").expect(302).location()).isEqualTo("/login");
        assertThat(memberships(name)).isEmpty();
    }

    @Test
    void while_the_provider_is_away_a_session_goes_on_for_an_hour() {
        String name = newcomer(List.of());
        Visitor visitor = new Visitor(server());
        signIn(visitor, name);
        provider.goAway(true);
        try {
            lastChecked(name, Duration.ofMinutes(59));
            assertThat(visitor.signedIn()).isTrue();
            assertThat(visitor.signedIn()).as("without asking again for now").isTrue();

            lastChecked(name, Duration.ofMinutes(61));
            assertThat(visitor.signedIn()).isFalse();
        } finally {
            provider.goAway(false);
        }
    }

    @Test
    void session_that_the_provider_gave_nothing_to_ask_with_for_ends_after_an_hour() {
        String name = newcomer(List.of());
        Visitor visitor = new Visitor(server());
        signIn(visitor, name);
        jdbc.sql("update provider_sessions set refresh_token = null where user_id = ?")
                .param(name)
                .update();

        lastChecked(name, Duration.ofMinutes(59));
        assertThat(visitor.signedIn()).isTrue();
        lastChecked(name, Duration.ofMinutes(61));
        assertThat(visitor.signedIn()).isFalse();
    }

    @Test
    void what_the_provider_is_asked_with_is_stored_encrypted_and_forgotten_with_the_session() {
        String name = newcomer(List.of());
        Visitor visitor = new Visitor(server());
        signIn(visitor, name);

        assertThat(jdbc.sql("select refresh_token from provider_sessions where user_id = ?")
                        .param(name)
                        .query(String.class)
                        .single())
                .matches("[0-9a-f]{8}:[A-Za-z0-9+/=]{40,}");
        visitor.submit("/settings/profile", "/logout", Map.of()).expect(302);
        assertThat(sessionsOf(name)).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"sid", "sub"})
    void signing_out_at_the_provider_signs_out_here(String by) {
        String name = newcomer(List.of());
        String sid = given.unique("sid");
        Map<String, Object> claims = claims(name, List.of());
        claims.put("sid", sid);
        provider.tells(name, claims);
        Visitor visitor = new Visitor(server());
        signIn(visitor, name);
        claims.put("sid", given.unique("sid"));
        Visitor elsewhere = new Visitor(server());
        signIn(elsewhere, name);
        String bystander = newcomer(List.of());
        Visitor other = new Visitor(server());
        signIn(other, bystander);

        String token = provider.logoutToken("logout+jwt", Map.of(by, by.equals("sid") ? sid : name));
        Visitor.Answer answer = backChannel(token).expect(200);

        assertThat(answer.header("cache-control")).hasValue("no-store");
        assertThat(visitor.signedIn()).isFalse();
        assertThat(as("superadmin").all("/api/v1/audit?action=end_session&entity_id=" + name))
                .hasSize(by.equals("sid") ? 1 : 2)
                .allMatch(entry -> entry.path("actor_type").asText().equals("system"));
        assertThat(elsewhere.signedIn())
                .as("the same person's session in another browser")
                .isEqualTo(by.equals("sid"));
        assertThat(other.signedIn()).as("somebody else").isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"aud", "iss", "exp", "events", "nonce", "nobody", "type", "signature", "id_token", "missing"})
    void logout_token_that_is_not_the_providers_for_us_ends_nothing(String mistake) {
        String name = newcomer(List.of());
        Visitor visitor = new Visitor(server());
        signIn(visitor, name);
        Map<String, Object> claims = new HashMap<>(Map.of("sub", name));
        switch (mistake) {
            case "aud" -> claims.put("aud", List.of("somebody-else"));
            case "iss" -> claims.put("iss", "http://127.0.0.1:1");
            case "exp" -> {
                claims.put("iat", Instant.now().minusSeconds(7200));
                claims.put("exp", Instant.now().minusSeconds(3600));
            }
            case "events" -> claims.put("events", Map.of("https://example.com/other", Map.of()));
            case "nonce" -> claims.put("nonce", "n");
            case "nobody" -> claims.remove("sub");
            case "id_token" -> claims.put("events", null);
            default -> {}
        }
        String token = provider.logoutToken(mistake.equals("type") ? "at+jwt" : "logout+jwt", claims);
        if (mistake.equals("signature")) {
            token = token.substring(0, token.lastIndexOf('.') + 1) + "AAAA";
        }

        Visitor.Answer answer = mistake.equals("missing")
                ? new Visitor(server()).post("/logout/connect/back-channel/oidc", Map.of())
                : backChannel(token);

        assertThat(answer.expect(400).text()).contains("\"error\":\"invalid_request\"");
        assertThat(visitor.signedIn()).isTrue();
    }

    @Test
    void deactivated_person_does_not_sign_in_at_the_provider() {
        String name = newcomer(List.of());
        Visitor visitor = new Visitor(server());
        signIn(visitor, name);
        as("superadmin").post("/api/v1/users/" + name + "/deactivate", Map.of()).expect(200);
        assertThat(visitor.signedIn()).isFalse();

        visitor = new Visitor(server());
        assertThat(signIn(visitor, name).location()).isEqualTo("/login?refused=deactivated");

        assertThat(visitor.get("/login?refused=deactivated").text()).contains("Your account here is deactivated");
        assertThat(visitor.signedIn()).isFalse();
    }

    @Test
    void nobody_without_a_mapped_group_gets_an_account_if_that_is_set(
            @Autowired ProviderMemberships memberships,
            @Autowired People people,
            @Autowired TransactionTemplate transaction,
            @Autowired ProviderProperties properties) {
        ProviderPeople strict = new ProviderPeople(strict(properties), memberships, people, jdbc, transaction);
        String member = given.unique("sso");
        String stranger = given.unique("sso");

        assertThat(strict.admit(user(member, List.of("sso-admins"))).id().value())
                .isEqualTo(member);
        assertThat(memberships(member)).containsExactly("organization:sso-org admin");
        for (List<String> groups : List.of(List.<String>of(), List.of("unknown"))) {
            assertThatThrownBy(() -> strict.admit(user(stranger, groups)))
                    .isInstanceOfSatisfying(
                            OAuth2AuthenticationException.class,
                            refusal -> assertThat(refusal.getError().getErrorCode())
                                    .isEqualTo("no_group"));
        }
        assertThat(people.find(new UserId(stranger))).isEmpty();

        assertThat(strict.readmit(new UserId(member), user(member, List.of()))).isFalse();
        assertThat(memberships(member)).as("what the group gave is taken").isEmpty();
        assertThatThrownBy(() -> strict.admit(user(member, List.of())))
                .isInstanceOf(OAuth2AuthenticationException.class);
    }

    private static ProviderProperties strict(ProviderProperties properties) {
        return new ProviderProperties(
                properties.issuer(),
                properties.clientId(),
                properties.clientSecret(),
                properties.scopes(),
                properties.label(),
                properties.nameClaim(),
                properties.displayNameClaim(),
                properties.groupsClaim(),
                properties.signatureAlgorithm(),
                properties.memberships(),
                true,
                properties.recheck(),
                properties.unchecked());
    }

    private static OidcUser user(String name, List<String> groups) {
        Map<String, Object> claims = claims(name, groups);
        claims.put("sub", name);
        claims.put("iss", URI.create(Provider.issuer(PROVIDER_PORT)));
        return new DefaultOidcUser(
                List.of(), new OidcIdToken("token", Instant.now(), Instant.now().plusSeconds(60), claims));
    }

    private static Visitor.Answer backChannel(String token) {
        return new Visitor(server()).post("/logout/connect/back-channel/oidc", Map.of("logout_token", token));
    }

    /** Lets time pass since the provider was last asked about a person. */
    private void lastChecked(String person, Duration ago) {
        jdbc.sql("update provider_sessions set checked_at = ? where user_id = ?")
                .params(Timestamp.from(Instant.now().minus(ago)), person)
                .update();
    }

    private int sessionsOf(String person) {
        return jdbc.sql("select count(*) from provider_sessions where user_id = ?")
                .param(person)
                .query(Integer.class)
                .single();
    }

    @Test
    void passwords_can_be_switched_off(
            @Autowired PeopleDetails details,
            @Autowired org.springframework.security.crypto.password.PasswordEncoder encoder,
            @Autowired SignInThrottle throttle) {
        String person = given.person("person");
        var right = org.springframework.security.authentication.UsernamePasswordAuthenticationToken.unauthenticated(
                person, "demo");

        assertThat(new Passwords(details, encoder, throttle, true)
                        .authenticate(right)
                        .isAuthenticated())
                .isTrue();
        assertThatThrownBy(() -> new Passwords(details, encoder, throttle, false).authenticate(right))
                .isInstanceOf(org.springframework.security.authentication.BadCredentialsException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"organization", "project", "both", "none", "role", "team"})
    void mapping_that_makes_no_sense_is_refused_at_the_start(String mistake) {
        assertThatThrownBy(() -> {
                    switch (mistake) {
                        case "organization" -> grant("acme", null, "approver", null);
                        case "project" -> grant(null, "shop", "approver", null);
                        case "both" -> grant("acme", "shop", "owner", "web");
                        case "none" -> grant(null, null, "owner", null);
                        case "role" -> grant("acme", null, "emperor", null);
                        default -> grant("acme", null, "owner", "web");
                    }
                })
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("countersign.sign-in.oidc.memberships")
                .hasMessageContaining("the-group");
    }

    private static void grant(String organization, String project, String role, String team) {
        new ProviderProperties.Grant("the-group", organization, project, role, team, false, false);
    }

    /** @return the subject and name of somebody whom the provider knows and we do not */
    private String newcomer(List<String> groups) {
        String name = given.unique("sso");
        provider.tells(name, claims(name, groups));
        return name;
    }

    private static Map<String, Object> claims(String name, List<String> groups) {
        return new HashMap<>(Map.of(
                "preferred_username",
                name,
                "name",
                "Name of " + name,
                "email",
                "person@example.com",
                "email_verified",
                true,
                "realm",
                Map.of("groups", groups)));
    }

    private List<String> memberships(String person) {
        List<String> found = new java.util.ArrayList<>();
        jdbc.sql("""
                        select scope || ' ' || role || coalesce(' ' || team_id, '') from members where user_id = :user
                        union all
                        select 'platform:platform superadmin' from users where id = :user and superadmin""").param("user", person).query(String.class).list().forEach(found::add);
        return found;
    }

    /** Does what a browser does until it is back at our server and signed in, or not. */
    private static Visitor.Answer signIn(Visitor visitor, String subject) {
        return visitor.get(atTheProvider(visitor, subject)).expect(302);
    }

    /** @return where the provider sends the browser back to */
    private static String atTheProvider(Visitor visitor, String subject) {
        String issuer = Provider.issuer(PROVIDER_PORT);
        visitor.get("/login");
        String authorize = visitor.get("/oauth2/authorization/oidc").expect(302).location();
        String form = visitor.get(authorize, "Accept", "text/html").expect(302).location();
        Matcher csrf = CSRF.matcher(visitor.get(form).expect(200).text());
        assertThat(csrf.find()).isTrue();
        String onwards = visitor.post(
                        issuer + "/login", Map.of("username", subject, "password", "provider", "_csrf", csrf.group(1)))
                .expect(302)
                .location();
        String callback = visitor.get(onwards).expect(302).location();
        assertThat(callback).startsWith(server() + "/login/oauth2/code/oidc?code=");
        return callback;
    }

    private static Map<String, String> parameters(String url) {
        Map<String, String> parameters = new HashMap<>();
        for (String pair : URI.create(url).getRawQuery().split("&")) {
            String[] parts = pair.split("=", 2);
            parameters.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        return parameters;
    }
}
