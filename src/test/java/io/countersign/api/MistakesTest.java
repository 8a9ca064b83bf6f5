package io.countersign.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.countersign.Client;
import io.countersign.Client.Answer;
import io.countersign.Fixtures.Org;
import io.countersign.ServerTest;
import io.countersign.attack.Log;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a program does wrong, it hears what, as problem+json. */
class MistakesTest extends ServerTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET /api/v1/nowhere | | 404 | not_found",
                "GET /api | | 404 | not_found",
                "GET /api/v1/approvals/x/nowhere | Accept: text/html | 404 | not_found",
                "PUT /api/v1/projects | Content-Type: application/json | 405 | method_not_allowed",
                "GET /api/v1/approvals | Accept: application/xml | 406 | not_acceptable",
                "GET /api/v1/approvals | Accept: garbage | 406 | not_acceptable",
                "POST /api/v1/projects | Content-Type: text/plain | 415 | unsupported_media_type",
                "GET /api/v1/approvals/%zz | | 400 | bad_request",
                "GET /api/v1/{x} | | 400 | bad_request",
                "GET /api/v1/approvals | A header without a colon | 400 | bad_request",
                "GET /api/v1/approvals | Content-Length: many | 400 | bad_request",
                "GET /api/v1//approvals | Accept: text/html | 400 | request_refused",
                "TRACE /api/v1/approvals | | 400 | request_refused",
                "GET /oauth2/nowhere | | 404 | not_found",
                "GET /oauth2/authorize | Accept: text/html | 404 | not_found",
                "GET /oauth2/token | | 405 | method_not_allowed",
                "PUT /oauth2/token | | 405 | method_not_allowed",
            })
    void every_error_is_a_problem(String request, String header, int status, String code) throws IOException {
        String token = as(given.person("person"))
                .get("/api/v1/auth/me")
                .raw()
                .request()
                .headers()
                .firstValue("Authorization")
                .orElseThrow();
        String authorization = request.contains("/oauth2/") ? "" : "Authorization: " + token + "\r\n";

        String answer = raw(request + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + authorization
                + (header == null ? "" : header + "\r\n") + "\r\n");

        assertThat(answer).startsWith("HTTP/1.1 " + status).contains("\r\nContent-Type: application/problem+json");
        assertThat(new ObjectMapper()
                        .readTree(answer.substring(answer.indexOf("\r\n\r\n")).replaceAll("(?s)^[^{]*|[^}]*$", ""))
                        .at("/code")
                        .asText())
                .isEqualTo(code);
        if (status == 405) {
            assertThat(answer).contains("\r\nAllow: ");
        }
    }

    @Test
    void token_endpoint_tells_who_shows_no_credentials() {
        anonymous().send("POST", "/oauth2/token", "{}").expectProblem(401, "unauthorized");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/x/../engine-rest",
                "/x/../engine-rest/task",
                "/%65ngine-rest/task",
                "/./engine-rest",
                "/engine-rest;x=1/task",
                "/engine-rest;/engine",
                "/camunda;x/api/engine/engine",
                "/camunda/api/engine;x/engine",
            })
    void detour_to_the_engine_is_refused_in_one_line(String path) throws Exception {
        List<String> log = Log.of(
                () -> assertThat(raw("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                        .startsWith("HTTP/1.1 400")
                        .contains("request_refused"));

        assertThat(log.stream().filter(line -> line.contains("detour"))).hasSize(1);
        assertThat(log).noneMatch(line -> line.contains("Exception"));
    }

    @ParameterizedTest
    @CsvSource({
        "/api/v1/approvals?statuss=pending, statuss",
        "/api/v1/audit?entityType=cluster, entityType",
        "/api/v1/auth/me?x=1, x",
    })
    void unknown_parameter_is_refused_by_its_name(String path, String parameter) {
        refuses(as(given.person("person")).get(path), parameter, "is not a known parameter");
    }

    @Test
    void parameter_that_is_taken_once_is_refused_twice() {
        refuses(as(given.person("person")).get("/api/v1/approvals?limit=1&limit=2"), "limit", "must be given once");
    }

    @Test
    void every_described_parameter_is_known() {
        Client caller = as("superadmin");
        JsonNode paths = anonymous().get("/v3/api-docs").expect(200).json().get("paths");

        assertThat(paths).isNotEmpty();
        paths.properties()
                .forEach(path -> path.getValue().at("/get/parameters").forEach(parameter -> {
                    if (parameter.get("in").asText().equals("query")) {
                        assertThat(caller.get(path.getKey().replaceAll("\\{[^}]+}", "x") + "?"
                                                + parameter.get("name").asText() + "=1")
                                        .text())
                                .as("%s %s", path.getKey(), parameter)
                                .doesNotContain("is not a known parameter");
                    }
                }));
    }

    @Test
    void field_that_is_given_twice_is_refused_by_its_name() {
        refuses(login("{\"username\":\"a\",\"username\":\"b\",\"password\":\"c\"}"), "username", "must be given once");
        refuses(
                as("superadmin").send("POST", "/api/v1/audit/verification", "{\"anchors\":[],\"anchors\":[]}"),
                "anchors",
                "must be given once");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"username\":\"a\",\"password\":\"b\"} {}", "{\"username\":\"a\",\"password\":\"b\"} x"})
    void text_after_the_body_is_refused(String body) {
        login(body).expectProblem(400, "malformed_body");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "1.5", "true"})
    void number_is_not_taken_for_a_text(String value) {
        refuses(login("{\"username\":" + value + ",\"password\":\"b\"}"), "username", "must be a string");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"node_groups\":[{\"machine_types\":[1]}]} | node_groups[0].machine_types[0]",
                "{\"node_groups\":[{\"labels\":{\"a\":true}}]} | node_groups[0].labels.a",
            })
    void number_inside_a_list_is_not_taken_for_a_text(String body, String field) {
        Org org = given.organization();

        refuses(
                as(org.admin()).send("POST", "/api/v1/orgs/" + org.id() + "/clusters", body),
                field,
                "must be a string");
    }

    @Test
    void half_a_character_is_refused_by_its_field() {
        refuses(
                login("{\"username\":\"a\\ud83d\",\"password\":\"b\"}"),
                "username",
                "must not contain half a character (a lone surrogate)");
        assertThat(login("{\"username\":\"a\\ud83d\\ude00\",\"password\":\"b\"}")
                        .status())
                .as("a whole one")
                .isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\nb",
                "a\rb",
                "a\tb",
                "a\u2028b",
                "a\u202eb",
                "a\u2066b",
                "a\u200fb",
                "\u200b",
                "a\u00adb",
                "\ufeffx",
                "\u2800",
                "\u3164",
                "a\udb40\udc41",
            })
    void names_are_one_line_that_reads_as_it_is_written(String name) {
        Org org = given.organization();
        String owner = given.person("owner");
        String project = given.project(owner);
        String rule = "must have no line breaks, control characters, direction marks or invisible characters";

        refuses(as("superadmin").post("/api/v1/orgs", Map.of("id", given.unique("o"), "name", name)), "name", rule);
        refuses(as("superadmin").post("/api/v1/projects", Map.of("id", given.unique("p"), "name", name)), "name", rule);
        refuses(
                as(owner).post("/api/v1/projects/" + project + "/teams", Map.of("id", "t", "name", name)),
                "name",
                rule);
        refuses(
                as("superadmin")
                        .post(
                                "/api/v1/users",
                                Map.of("id", given.unique("u"), "display_name", name, "email", "u@example.com")),
                "display_name",
                rule);
        refuses(
                as(org.admin())
                        .post("/api/v1/me/channels", Map.of("name", name, "kind", "email", "target", "a@example.com")),
                "name",
                rule);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u00a0", "\u0301"})
    void names_are_seen(String name) {
        refuses(
                as("superadmin").post("/api/v1/orgs", Map.of("id", given.unique("o"), "name", name)),
                "name",
                "must have a visible character");
    }

    @ParameterizedTest
    @ValueSource(strings = {"%2B999999999-12-31T23:59:59Z", "-9999-12-31T23:59:59Z", "0000-01-01T00:00:00Z"})
    void time_that_the_database_does_not_know_is_refused(String time) {
        refuses(as("superadmin").get("/api/v1/audit?from=" + time), "from", "must be a time of the years 0001 to 9999");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"+999999999-01-01T00:00:00Z\" | must be a time of the years 0001 to 9999",
                "\"+12345-01-01T00:00:00Z\" | must be a time of the years 0001 to 9999",
                "\"0001-01-01T00:00:00+01:00\" | must be a time of the years 0001 to 9999",
                "\"tomorrow\" | must be a time such as 2025-06-01T12:00:00Z",
                "1798761600 | must be a time such as 2025-06-01T12:00:00Z",
            })
    void time_in_a_body_is_one_that_everybody_knows(String time, String rule) {
        Org org = given.organization();

        for (String field : List.of("starts_at", "ends_at")) {
            refuses(
                    as(org.owner())
                            .send(
                                    "POST",
                                    "/api/v1/orgs/" + org.id() + "/freezes",
                                    "{\"" + field + "\":" + time + ",\"reason\":\"r\"}"),
                    field,
                    rule);
        }
        for (String field : List.of("from", "until")) {
            refuses(
                    as(org.owner())
                            .send(
                                    "POST",
                                    "/api/v1/me/delegations",
                                    "{\"" + field + "\":" + time + ",\"stand_in\":\"" + org.admin() + "\"}"),
                    field,
                    rule);
        }
    }

    @Test
    void anchor_that_is_none_is_refused() {
        as("superadmin")
                .send("POST", "/api/v1/audit/verification", "{\"anchors\":[null]}")
                .expectProblem(422, "invalid_input");
    }

    @ParameterizedTest
    @CsvSource({
        "cluster-approval, POST /api/v1/orgs/{org}/clusters",
        "approval-stages, POST /api/v1/orgs/{org}/clusters",
        "tenant-lifecycle, POST /api/v1/tenants",
        "route-change, POST /api/v1/projects/{project}/domains/{domain}/routes",
        "attachment-change, /api/v1/projects/{project}/attachments",
    })
    void process_that_is_started_at_the_engine_says_which_resource_starts_it(String process, String resource) {
        for (String way : List.of("/start", "/submit-form")) {
            for (Object variables :
                    List.of(Map.of(), Map.of("clusterId", Map.of("value", "no id", "type", "String")))) {
                Answer answer = as("admin")
                        .post("/engine-rest/process-definition/key/" + process + way, Map.of("variables", variables))
                        .expect(400);

                assertThat(answer.at("/message")).contains(resource);
            }
        }
    }

    private static Answer login(String body) {
        return anonymous().send("POST", "/api/v1/auth/login", body);
    }

    private static void refuses(Answer answer, String field, String rule) {
        answer.expectProblem(422, "invalid_input");
        assertThat(answer.json().get("errors")).anySatisfy(error -> {
            assertThat(error.get("field").asText()).isEqualTo(field);
            assertThat(error.get("message").asText()).isEqualTo(rule);
        });
    }

    private static String raw(String request) throws IOException {
        URI server = URI.create(server());
        try (Socket socket = new Socket(server.getHost(), server.getPort())) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
