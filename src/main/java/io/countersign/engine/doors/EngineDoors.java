package io.countersign.engine.doors;

import static io.countersign.identity.signin.DoorRules.Access.ADMINISTRATORS;
import static io.countersign.identity.signin.DoorRules.Access.NOBODY;
import static io.countersign.identity.signin.DoorRules.Access.PEOPLE;
import static io.countersign.identity.signin.DoorRules.Access.SUPERADMINS;

import io.countersign.identity.signin.DoorRules;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.PathContainer;
import org.springframework.stereotype.Component;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * Who may reach which endpoint of the engine's REST API, under engine-rest and under the web applications, and of the
 * web applications' own APIs. The first matching row decides. An endpoint without a row is denied, so one that a new
 * engine version adds stays closed until it gets a row. The engine's own authorizations still apply to what a row
 * opens.
 */
@Component
class EngineDoors implements DoorRules {

    /** Where the engine's REST API is served; a path with the engine's name is equivalent. */
    static final List<String> ENGINE_PREFIXES =
            List.of("/engine-rest", "/engine-rest/engine/{engine}", "/camunda/api/engine/engine/{engine}");

    private static final List<Row> ENGINE = List.of(
            // Needed to work on tasks, in Tasklist or by a program.
            people("GET", "/version", "/identity/password-policy", "/identity/groups", "/authorization/check"),
            people("GET", "/filter", "/filter/count", "/filter/{id}"),
            people("GET POST", "/filter/{id}/list", "/filter/{id}/singleResult", "/filter/{id}/count")
                    .asking(),
            people("GET POST", "/task", "/task/count").asking(),
            superadmins("GET", "/task/report/candidate-group-count"),
            people("GET", "/task/{id}", "/task/{id}/form", "/task/{id}/deployed-form", "/task/{id}/form-variables"),
            people("GET", "/task/{id}/rendered-form", "/task/{id}/identity-links"),
            people("GET", "/task/{id}/comment", "/task/{id}/comment/{comment}", "/task/{id}/attachment"),
            people("POST", "/task/{id}/comment/create"),
            people("POST", "/task/{id}/claim", "/task/{id}/unclaim"),
            // Whatever completing a task does has its own entry, whichever door the request used.
            people("POST", "/task/{id}/complete", "/task/{id}/submit-form").asking(),
            people("GET", "/process-definition", "/process-definition/count"),
            superadmins("GET", "/process-definition/statistics"),
            people("GET", "/process-definition/{id}", "/process-definition/{id}/xml"),
            people("GET", "/process-definition/{id}/diagram"),
            people("GET", "/user", "/user/count", "/user/{id}/profile", "/group", "/group/count"),
            people("POST", "/group", "/group/count").asking(),
            people("OPTIONS", "/filter", "/filter/{id}", "/user", "/user/{id}"),

            // Needed to watch Cockpit and to retry a failed job.
            superadmins("GET", "/process-definition/**", "/process-instance/**", "/execution/**", "/task/**"),
            superadmins("GET", "/variable-instance/**", "/event-subscription/**"),
            superadmins("GET", "/incident/**", "/job/**", "/job-definition/**", "/external-task/**", "/batch/**"),
            superadmins("GET", "/deployment/**", "/history/**", "/metrics/**"),
            superadmins("GET", "/decision-definition/**", "/decision-requirements-definition/**"),
            superadmins("GET", "/case-definition/**", "/case-instance/**", "/case-execution/**"),
            superadmins("POST", "/process-instance", "/process-instance/count", "/execution", "/execution/count")
                    .asking(),
            superadmins("POST", "/variable-instance", "/variable-instance/count")
                    .asking(),
            superadmins("POST", "/job", "/job/count", "/job-definition", "/job-definition/count")
                    .asking(),
            superadmins("POST", "/external-task", "/external-task/count").asking(),
            superadmins("POST", "/case-instance", "/case-instance/count", "/case-execution", "/case-execution/count")
                    .asking(),
            superadmins("POST", "/history/activity-instance", "/history/activity-instance/count")
                    .asking(),
            superadmins("POST", "/history/case-instance", "/history/case-instance/count", "/history/detail")
                    .asking(),
            superadmins("POST", "/history/external-task-log", "/history/external-task-log/count")
                    .asking(),
            superadmins("POST", "/history/job-log", "/history/job-log/count", "/history/task", "/history/task/count")
                    .asking(),
            superadmins("POST", "/history/process-instance", "/history/process-instance/count")
                    .asking(),
            superadmins("POST", "/history/variable-instance", "/history/variable-instance/count")
                    .asking(),
            superadmins("PUT", "/job/{id}/retries"),
            // The messages tenant.suspend and tenant.reactivate; the engine's authorizations allow no others.
            superadmins("POST", "/message"),

            // Models and forms come with the release: adding one means running expressions in the server.
            nobody("POST", "/deployment/create", "/deployment/{id}/redeploy"),
            nobody("DELETE", "/deployment/{id}", "/process-definition/**"),
            nobody("POST", "/decision-definition/**", "/case-definition/**"),
            // Tasks come from processes only: a hand-made one would look like a request.
            nobody("POST", "/task/create"),
            // People are managed in the console and by /api/v1.
            nobody("POST", "/identity/verify", "/identity/password-policy"),
            nobody("POST PUT DELETE", "/user/**", "/group/**", "/tenant/**"),
            // Nothing is sent to Camunda.
            nobody("GET POST", "/telemetry/**"),
            nobody("GET", "/optimize/**"),
            nobody("GET POST", "/schema/**"),

            // What an administrator may do to the engine's state; later steps trust the record, not that state.
            administrators("POST PUT DELETE", "/task/**", "/process-instance/**", "/execution/**", "/incident/**"),
            administrators("POST PUT DELETE", "/job/**", "/job-definition/**", "/external-task/**", "/batch/**"),
            administrators("POST PUT", "/process-definition/**", "/migration/**", "/modification/**"),
            administrators("POST", "/signal", "/condition"),
            administrators("POST PUT DELETE", "/filter/**"),
            administrators("POST PUT DELETE", "/history/**", "/case-instance/**", "/case-execution/**"),
            administrators("PUT", "/decision-definition/**", "/case-definition/**"),
            administrators("DELETE", "/metrics/**"),
            administrators("GET POST PUT DELETE OPTIONS", "/authorization/**"),
            administrators("GET OPTIONS", "/user/**", "/group/**", "/tenant/**"));

    private static final List<Row> WEB_APPLICATIONS = List.of(
            people("GET", "/engine-rest/engine", "/camunda/api/engine/engine", "/camunda/api/engine/engine/"),
            people("GET", "/camunda/api/admin/auth/user/{engine}"),
            people("POST", "/camunda/api/admin/auth/user/{engine}/logout"),
            people("GET", "/camunda/api/tasklist/plugin/{plugin}/static/**"),
            superadmins("GET", "/camunda/api/cockpit/plugin/{plugin}/static/**"),
            superadmins("GET POST", "/camunda/api/cockpit/plugin/base/{engine}/incident/**")
                    .asking(),
            superadmins("GET POST", "/camunda/api/cockpit/plugin/base/{engine}/process-definition/**")
                    .asking(),
            superadmins("GET POST", "/camunda/api/cockpit/plugin/base/{engine}/process-instance/**")
                    .asking(),
            administrators("GET", "/camunda/api/admin/plugin/{plugin}/static/**"),
            administrators("GET", "/camunda/api/admin/plugin/adminPlugins/{engine}/metrics/aggregated"),
            // People sign in once, in the console, and no form makes anyone an administrator.
            nobody("POST", "/camunda/api/admin/auth/user/{engine}/login/{app}"),
            nobody("POST", "/camunda/api/admin/setup/**"));

    private static final Set<HttpMethod> READING = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

    private static final List<PathPattern> PREFIXES =
            ENGINE_PREFIXES.stream().map(EngineDoors::pattern).toList();

    /**
     * One line of the table.
     *
     * @param access who may pass
     * @param methods the HTTP methods
     * @param paths the paths, each of them
     * @param noted whether writes through this row are recorded in the trail
     */
    record Row(Access access, Set<HttpMethod> methods, List<PathPattern> paths, boolean noted) {

        /** @return the row without recording: it only reads, or its writes are recorded elsewhere */
        Row asking() {
            return new Row(access, methods, paths, false);
        }

        boolean matches(HttpMethod method, PathContainer path) {
            return methods.contains(method) && paths.stream().anyMatch(pattern -> pattern.matches(path));
        }
    }

    @Override
    public List<String> paths() {
        return List.of("/engine-rest/**", "/camunda/api/**");
    }

    @Override
    public Access access(HttpMethod method, PathContainer path) {
        return row(method, path).map(Row::access).orElse(NOBODY);
    }

    /** @return the row that decides about a request, or empty if the table does not know its endpoint */
    Optional<Row> row(HttpMethod method, PathContainer path) {
        return find(WEB_APPLICATIONS, method, path)
                .or(() -> belowPrefix(path).flatMap(endpoint -> find(ENGINE, method, endpoint)));
    }

    /** @return whether to record a successful request in the trail: it wrote, and nothing else records that */
    boolean isNoted(HttpMethod method, PathContainer path) {
        return !READING.contains(method) && row(method, path).filter(Row::noted).isPresent();
    }

    /**
     * @param path a request's path
     * @return the part of it that names an endpoint of the engine, or empty if none is named
     */
    static Optional<PathContainer> belowPrefix(PathContainer path) {
        PathContainer endpoint = null;
        // The longest prefix counts: /engine-rest/engine/default/task is about tasks.
        for (PathPattern prefix : PREFIXES) {
            int length = PathContainer.parsePath(prefix.getPatternString())
                    .elements()
                    .size();
            if (path.elements().size() > length && prefix.matches(path.subPath(0, length))) {
                endpoint = path.subPath(length);
            }
        }
        return Optional.ofNullable(endpoint);
    }

    /** @return the whole table */
    static List<Row> rows() {
        return Stream.concat(WEB_APPLICATIONS.stream(), ENGINE.stream()).toList();
    }

    private static Optional<Row> find(List<Row> rows, HttpMethod method, PathContainer path) {
        return rows.stream().filter(row -> row.matches(method, path)).findFirst();
    }

    private static Row people(String methods, String... paths) {
        return row(PEOPLE, methods, paths);
    }

    private static Row superadmins(String methods, String... paths) {
        return row(SUPERADMINS, methods, paths);
    }

    private static Row administrators(String methods, String... paths) {
        return row(ADMINISTRATORS, methods, paths);
    }

    private static Row nobody(String methods, String... paths) {
        return row(NOBODY, methods, paths);
    }

    private static Row row(Access access, String methods, String... paths) {
        return new Row(
                access,
                Stream.of(methods.split(" ")).map(HttpMethod::valueOf).collect(Collectors.toSet()),
                Stream.of(paths).map(EngineDoors::pattern).toList(),
                true);
    }

    private static PathPattern pattern(String path) {
        return PathPatternParser.defaultInstance.parse(path);
    }
}
