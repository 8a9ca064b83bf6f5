package io.countersign.attack;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.Fixtures.Org;
import io.countersign.ServerTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is too large, too deep or malformed is refused early, and hurts nobody else. */
class PayloadAttackTest extends ServerTest {

    private static final int LIMIT = 1024 * 1024;

    @AfterEach
    void server_still_answers() {
        anonymous().get("/actuator/health").expect(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/auth/login",
                "/api/v1/orgs/x/clusters",
                "/login",
                "/oauth2/token",
                "/engine-rest/task/x/complete",
                "/engine-rest/deployment/create",
                "/camunda/api/engine/engine/default/task/x/submit-form"
            })
    void body_that_is_announced_as_too_large_is_not_even_read(String path) throws IOException {
        String answer = HeadersAttackTest.raw(
                "POST " + path
                        + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 4000000000\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 413").contains("body_too_large");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/auth/login", "/engine-rest/task/x/complete", "/oauth2/token"})
    void body_of_no_announced_length_is_read_no_further_than_allowed(String path) throws Exception {
        byte[] body = ("{\"username\":\"" + "a".repeat(LIMIT) + "\"}").getBytes(StandardCharsets.UTF_8);

        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(server() + path))
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(413);
    }

    @Test
    void body_of_no_announced_length_that_is_small_is_read_as_ever() throws Exception {
        String person = given.person("person");
        byte[] body =
                "{\"username\":\"%s\",\"password\":\"demo\"}".formatted(person).getBytes(StandardCharsets.UTF_8);

        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(server() + "/api/v1/auth/login"))
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(ints = {1_001, 100_000, 500_000})
    void json_that_nests_too_deep_is_malformed(int depth) {
        Org org = given.organization();
        String deep = "{\"name\":" + "[".repeat(depth) + "]".repeat(depth) + "}";

        int status = as(org.admin())
                .send("POST", "/api/v1/orgs/" + org.id() + "/clusters", deep)
                .status();
        int engine = as(org.admin()).send("POST", "/engine-rest/task", deep).status();

        assertThat(status).isIn(400, 422);
        assertThat(engine).isIn(400, 422);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"name\":\"x\",\"node_groups\":[{\"name\":\"w\",\"min_nodes\":1e999999999}]}",
                "{\"name\":\"x\",\"node_groups\":[{\"name\":\"w\",\"min_nodes\":99999999999999999999}]}",
                "{\"name\":\"x\",\"node_groups\":[{\"name\":\"w\",\"min_nodes\":NaN}]}",
                "{\"name\":\"a\\u0000b\"}",
                "{\"name\":\"x\",\"name\":{}}",
                "{\"@class\":\"java.net.URL\",\"name\":\"x\"}",
                "[]",
                "null",
                "\"x\"",
                "{",
                ""
            })
    void odd_json_is_refused_as_the_callers_mistake(String body) {
        Org org = given.organization();

        assertThat(as(org.admin())
                        .send("POST", "/api/v1/orgs/" + org.id() + "/clusters", body)
                        .status())
                .isIn(400, 422);
    }

    @Test
    void text_with_a_nul_is_refused_wherever_it_comes() {
        Org org = given.organization();
        Visitor visitor = new Visitor(server());
        visitor.signIn(org.admin());

        as(given.superadmin())
                .post("/api/v1/projects", Map.of("id", given.unique("p"), "name", "a\0b", "team", "web"))
                .expectProblem(422, "invalid_input");
        visitor.get("/approvals?status=a%00b").expect(400);
        visitor.submit("/login", "/login", Map.of("username", "a\0b", "password", "demo"))
                .expect(400);
        anonymous()
                .post("/api/v1/auth/login", Map.of("username", "a\0b", "password", "demo"))
                .expectProblem(422, "invalid_input");
        new Visitor(server())
                .get(
                        "/api/v1/auth/me",
                        "Authorization",
                        "Basic "
                                + java.util.Base64.getEncoder()
                                        .encodeToString("a\0b:demo".getBytes(StandardCharsets.UTF_8)))
                .expect(401);
    }

    @Test
    void huge_text_is_refused_by_its_field() {
        Org org = given.organization();

        as(org.admin())
                .post("/api/v1/orgs/" + org.id() + "/clusters", Map.of("name", "a".repeat(500_000)))
                .expectProblem(422, "invalid_input");
    }

    @Test
    void comment_of_a_megabyte_is_refused_and_decides_nothing() {
        Org org = given.organization();
        String approval = as(org.admin())
                .post(
                        "/api/v1/orgs/" + org.id() + "/clusters",
                        io.countersign.cluster.ClusterFixtures.body(given.unique("c")))
                .expect(201)
                .at("/approval_id");
        String path = "/api/v1/approvals/" + approval;
        String stage = as(org.owner()).get(path).expect(200).at("/stages/0/id");

        as(org.owner())
                .post(path + "/stages/" + stage + "/approve", Map.of("comment", "a".repeat(1_000_000)))
                .expectProblem(422, "invalid_input");

        assertThat(as(org.owner()).get(path).expect(200).at("/status")).isEqualTo("pending");
    }

    @Test
    void thousands_of_parameters_or_headers_cost_nothing() throws IOException {
        StringBuilder query = new StringBuilder("/login?");
        for (int n = 0; n < 900; n++) {
            query.append('p').append(n).append("=x&");
        }
        assertThat(HeadersAttackTest.raw("GET " + query + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                .matches(answer -> answer.startsWith("HTTP/1.1 200") || answer.startsWith("HTTP/1.1 4"));

        StringBuilder headers = new StringBuilder();
        for (int n = 0; n < 5_000; n++) {
            headers.append("X-").append(n).append(": x\r\n");
        }
        assertThat(HeadersAttackTest.raw(
                        "GET /login HTTP/1.1\r\nHost: localhost\r\n" + headers + "Connection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 4");

        StringBuilder form = new StringBuilder();
        for (int n = 0; n < 50_000; n++) {
            form.append('p').append(n).append("=x&");
        }
        assertThat(new Visitor(server())
                        .send("POST", "/login", "application/x-www-form-urlencoded", form.toString())
                        .status())
                .isBetween(400, 499);
    }

    @Test
    void failures_tell_nothing_of_the_inside() {
        Visitor visitor = new Visitor(server());
        visitor.signIn(given.person("person"));

        for (String path :
                new String[] {"/approvals/not-an-id", "/api/v1/approvals/%ff", "/engine-rest/task/x", "/orgs/x"}) {
            assertThat(visitor.get(path).text())
                    .as(path)
                    .doesNotContain("Exception")
                    .doesNotContain("io.countersign")
                    .doesNotContain("at org.")
                    .doesNotContain("select ");
        }
    }
}
