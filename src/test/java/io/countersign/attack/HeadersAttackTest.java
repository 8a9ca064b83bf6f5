package io.countersign.attack;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.ServerTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Browsers are told to run nothing that is not ours, and are sent nowhere else. */
class HeadersAttackTest extends ServerTest {

    @ParameterizedTest
    @ValueSource(strings = {"/login", "/inbox", "/approvals", "/settings/profile", "/there-is-no-such-page", "/error"})
    void pages_run_no_script_and_no_style_but_ours(String path) {
        Visitor person = new Visitor(server());
        person.signIn(given.person("person"));

        Visitor.Answer page = person.get(path);

        String policy = page.header("content-security-policy").orElseThrow();
        assertThat(policy)
                .contains("default-src 'self'")
                .contains("object-src 'none'")
                .contains("base-uri 'self'")
                .contains("form-action 'self'")
                .contains("frame-ancestors 'none'")
                .doesNotContain("unsafe-inline")
                .doesNotContain("unsafe-eval");
        // Only forms lead elsewhere: signing out leads over the identity provider.
        assertThat(policy.replaceFirst("form-action [^;]+$", ""))
                .doesNotContain("http")
                .doesNotContain("*");
        assertThat(page.text()).doesNotContain("<script>").doesNotContainPattern("<[^>]+ (on[a-z]+|style)=");
        assertSensible(page);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/api/v1/auth/me", "/engine-rest/task", "/actuator/health", "/api/v1/there-is-no-such-thing"})
    void answers_to_programs_are_no_pages(String path) {
        Visitor.Answer answer = new Visitor(server()).get(path);

        assertThat(answer.header("content-security-policy").orElseThrow())
                .contains("default-src 'none'")
                .contains("frame-ancestors 'none'")
                .contains("sandbox");
        assertThat(answer.header("cache-control").orElseThrow()).contains("no-store");
        assertSensible(answer);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/camunda/app/tasklist/default/", "/camunda/app/cockpit/default/", "/camunda/app/admin/default/"
            })
    void web_applications_are_framed_nowhere_and_load_only_from_here(String path) {
        Visitor admin = new Visitor(server());
        admin.signIn("admin");

        Visitor.Answer page = admin.get(path).expect(200);

        assertThat(page.header("content-security-policy").orElseThrow())
                .contains("default-src 'self'")
                .contains("object-src 'none'")
                .contains("base-uri 'self'")
                .contains("frame-ancestors 'none'")
                .contains("form-action 'self'")
                .contains("'nonce-");
        assertSensible(page);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/login",
                "/api/v1/auth/me",
                "/engine-rest/task",
                "/camunda/app/tasklist/default/",
                "/css/countersign.css"
            })
    void browsers_that_came_over_tls_come_back_over_tls(String path) {
        assertThat(new Visitor(server())
                        .overTls()
                        .get(path)
                        .header("strict-transport-security")
                        .orElseThrow())
                .contains("max-age=31536000");
        assertThat(new Visitor(server()).get(path).header("strict-transport-security"))
                .isEmpty();
    }

    @Test
    void sign_in_leads_to_this_server_whatever_the_request_says_of_the_host() {
        String person = given.person("person");
        Visitor visitor = new Visitor(server()).with("X-Forwarded-Host", "evil.example");

        String toLogin = visitor.get("/approvals?status=pending").expect(302).location();
        String back = visitor.submit("/login", "/login", Map.of("username", person, "password", "demo"))
                .expect(302)
                .location();

        assertThat(toLogin).isEqualTo("/login");
        assertThat(back).startsWith("/approvals?status=pending");
        assertThat(visitor.submit("/settings/profile", "/logout", Map.of()).location())
                .isEqualTo("/login?signed_out");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/login?continue=https://evil.example",
                "/login?continue=//evil.example",
                "/login?redirect=https://evil.example",
                "/login?target=https://evil.example",
                "/login?spring-security-redirect=https://evil.example"
            })
    void sign_in_leads_to_this_server_whatever_the_address_says(String page) {
        Visitor visitor = new Visitor(server());

        String location = visitor.submit(
                        page,
                        page,
                        Map.of(
                                "username",
                                given.person("person"),
                                "password",
                                "demo",
                                "continue",
                                "https://evil.example"),
                        "Referer",
                        "https://evil.example/")
                .expect(302)
                .location();

        assertThat(location).isEqualTo("/");
    }

    @ParameterizedTest
    @ValueSource(strings = {"//evil.example/inbox", "/\\evil.example/inbox", "/%2f%2fevil.example", "/%5cevil.example"})
    void address_that_looks_like_another_host_is_none(String path) throws IOException {
        String answer = raw("GET " + path + " HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n");

        assertThat(answer.lines()
                        .filter(line -> line.toLowerCase(java.util.Locale.ROOT).startsWith("location:")))
                .allMatch(line -> line.trim().equals("Location: /login"));
    }

    @Test
    void host_that_a_request_makes_up_appears_in_no_redirect() throws IOException {
        String answer = raw("GET /inbox HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n");

        assertThat(answer)
                .startsWith("HTTP/1.1 302")
                .contains("Location: /login\r\n")
                .doesNotContain("evil.example");
    }

    @Test
    void monitoring_is_for_operators_and_shows_no_more_than_it_must() {
        Visitor anyone = new Visitor(server());
        anyone.get("/actuator/health").expect(200);
        assertThat(anyone.get("/actuator/health").text()).doesNotContain("components");
        anyone.get("/actuator/info").expect(401);
        Visitor person = new Visitor(server()).with("Authorization", basic(given.person("person")));
        person.get("/actuator/info").expect(403);
        Visitor operator = new Visitor(server()).with("Authorization", basic(given.superadmin()));
        operator.get("/actuator/info").expect(200);
        for (String endpoint : new String[] {"env", "heapdump", "configprops", "beans", "loggers", "threaddump"}) {
            assertThat(operator.get("/actuator/" + endpoint).status())
                    .as(endpoint)
                    .isIn(302, 401, 403, 404);
        }
    }

    private static void assertSensible(Visitor.Answer answer) {
        assertThat(answer.header("x-content-type-options")).hasValue("nosniff");
        assertThat(answer.header("x-frame-options")).hasValue("DENY");
        assertThat(answer.header("server")).isEmpty();
        assertThat(answer.header("x-powered-by")).isEmpty();
    }

    private static String basic(String person) {
        return "Basic "
                + java.util.Base64.getEncoder().encodeToString((person + ":demo").getBytes(StandardCharsets.UTF_8));
    }

    /** Sends what no client would. */
    static String raw(String request) throws IOException {
        URI server = URI.create(server());
        try (Socket socket = new Socket(server.getHost(), server.getPort())) {
            socket.setSoTimeout(3_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            try {
                socket.getInputStream().transferTo(answer);
            } catch (SocketTimeoutException e) {
                // It waits for the rest of what was announced; what it had to say is said.
            }
            return answer.toString(StandardCharsets.UTF_8);
        }
    }
}
