package io.countersign.engine.doors;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.ServerTest;
import io.countersign.engine.doors.EngineDoors.Row;
import io.countersign.engine.doors.ServedEndpoints.Endpoint;
import io.countersign.identity.signin.DoorRules.Access;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.web.servlet.context.ServletWebServerApplicationContext;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.PathContainer;

/**
 * The table of doors is whole: it decides about every endpoint that the running server really has, and about nothing
 * else.
 */
class EngineDoorsTest extends ServerTest {

    private static final Path DOCUMENT = Path.of("docs", "engine-doors.md");

    @Autowired
    private ServletWebServerApplicationContext server;

    @Autowired
    private EngineDoors doors;

    @Test
    void every_endpoint_that_the_server_has_is_decided_by_a_row() throws Exception {
        SortedSet<Endpoint> served = ServedEndpoints.of(server);

        assertThat(served)
                .as("the five applications are all there")
                .hasSizeGreaterThan(1400)
                .contains(
                        new Endpoint("POST", "/engine-rest/task/{}/complete"),
                        new Endpoint("POST", "/engine-rest/engine/{}/task/{}/complete"),
                        new Endpoint("POST", "/camunda/api/engine/engine/{}/task/{}/complete"),
                        new Endpoint("GET", "/camunda/api/admin/auth/user/{}"),
                        new Endpoint("GET", "/camunda/api/cockpit/plugin/base/{}/process-instance"),
                        new Endpoint("GET", "/camunda/api/tasklist/plugin/tasklistPlugins/static/{}"));
        assertThat(served.stream().filter(endpoint -> row(endpoint) == null))
                .as("Endpoints that EngineDoors does not know: decide about them there")
                .isEmpty();
    }

    @Test
    void the_engine_has_the_same_doors_under_every_prefix() throws Exception {
        Map<String, TreeSet<String>> byPrefix = new TreeMap<>();
        for (Endpoint endpoint : ServedEndpoints.of(server)) {
            endpoint(endpoint)
                    .filter(below -> !below.equals("/engine"))
                    .ifPresent(below -> byPrefix.computeIfAbsent(
                                    endpoint.path().substring(0, endpoint.path().length() - below.length()),
                                    key -> new TreeSet<>())
                            .add(endpoint.method() + " " + below));
        }

        assertThat(byPrefix.keySet())
                .containsExactlyInAnyOrderElementsOf(EngineDoors.ENGINE_PREFIXES.stream()
                        .map(prefix -> prefix.replace("{engine}", "{}"))
                        .toList());
        TreeSet<String> first = byPrefix.values().iterator().next();
        assertThat(byPrefix.values()).allSatisfy(others -> assertThat(others).isEqualTo(first));
    }

    @Test
    void no_row_is_about_nothing() throws Exception {
        List<Row> used =
                ServedEndpoints.of(server).stream().map(this::row).distinct().toList();

        assertThat(EngineDoors.rows()).containsExactlyInAnyOrderElementsOf(used);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /engine-rest/something-new",
                "GET /engine-rest",
                "GET /engine-rest/",
                "GET /engine-rest/application.wadl",
                "HEAD /engine-rest/task",
                "PATCH /engine-rest/task",
                "TRACE /engine-rest/task",
                "POST /engine-rest/tasks/1/complete",
                "GET /engine-rest/engine/default",
                "GET /engine-rest/engine/default/engine/default/task",
                "GET /camunda/api/engine/engine/default/engine",
                "GET /camunda/api/something-new",
                "GET /camunda/api/cockpit/plugin/something-new/default/rows"
            })
    void what_no_row_names_is_for_nobody(String request) {
        String[] parts = request.split(" ");

        assertThat(doors.access(HttpMethod.valueOf(parts[0]), PathContainer.parsePath(parts[1])))
                .isEqualTo(Access.NOBODY);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /process-definition/%73tatistics, SUPERADMINS",
        "GET, /task/1/%76ariables, SUPERADMINS",
        "POST, /task/1/%61ssignee, ADMINISTRATORS",
        "POST, /task/1/comment%2Fcreate, ADMINISTRATORS"
    })
    void writing_a_path_in_another_way_opens_no_other_door(String method, String path, Access access) {
        assertThat(doors.access(HttpMethod.valueOf(method), PathContainer.parsePath("/engine-rest" + path)))
                .isEqualTo(access);
    }

    /** The document says for each endpoint who may reach it, so a changed door shows in a review. */
    @Test
    void document_says_who_may_reach_what() throws Exception {
        String expected = document();
        if ("write".equals(System.getProperty("docs"))) {
            Files.writeString(DOCUMENT, expected);
        }

        assertThat(Files.readString(DOCUMENT))
                .as("Regenerate it with: mvn -Dtest=EngineDoorsTest -Ddocs=write test")
                .isEqualTo(expected);
    }

    private String document() throws Exception {
        Map<Access, TreeMap<String, TreeSet<String>>> table = new TreeMap<>();
        for (Endpoint endpoint : ServedEndpoints.of(server)) {
            String below = endpoint(endpoint).orElse(null);
            if (below != null && !endpoint.path().equals("/engine-rest" + below)) {
                continue;
            }
            table.computeIfAbsent(row(endpoint).access(), key -> new TreeMap<>())
                    .computeIfAbsent(below == null ? endpoint.path() : below, key -> new TreeSet<>())
                    .add(endpoint.method());
        }
        return Files.readString(DOCUMENT).split("(?m)^## ", 2)[0]
                + Stream.of(Access.values())
                        .map(access -> chapter(access, table.get(access)))
                        .collect(Collectors.joining("\n"));
    }

    private static String chapter(Access access, TreeMap<String, TreeSet<String>> endpoints) {
        String title = switch (access) {
            case PEOPLE -> "Everyone who is signed in";
            case SUPERADMINS -> "Superadmins and administrators";
            case ADMINISTRATORS -> "Administrators only";
            case NOBODY -> "Nobody";
        };
        return "## " + title + "\n\n| endpoint | methods |\n|---|---|\n"
                + endpoints.entrySet().stream()
                        .map(entry -> "| `" + entry.getKey().replace("{}", "{…}") + "` | "
                                + String.join(", ", entry.getValue()) + " |\n")
                        .collect(Collectors.joining());
    }

    private static Optional<String> endpoint(Endpoint endpoint) {
        return EngineDoors.belowPrefix(path(endpoint)).map(PathContainer::value);
    }

    private Row row(Endpoint endpoint) {
        return doors.row(HttpMethod.valueOf(endpoint.method()), path(endpoint)).orElse(null);
    }

    private static PathContainer path(Endpoint endpoint) {
        return PathContainer.parsePath(endpoint.path());
    }
}
