package io.countersign.attack;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.Client;
import io.countersign.Fixtures.Org;
import io.countersign.cluster.ClusterFixtures;
import io.countersign.identity.ProjectRole;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.http.MediaType;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/**
 * Nobody learns of another organization's or project's requests, names, people or numbers: what is not theirs answers
 * like what does not exist, and no list, count, filter or error names it. Which endpoints and pages there are, the
 * running server is asked.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TenancyAttackTest extends EngineTest {

    private static final Pattern VARIABLE = Pattern.compile("\\{([a-zA-Z]+)(:[^/]*)?}");

    private static final Map<String, Object> ROUTE = Map.of(
            "name",
            "other",
            "path",
            "/other",
            "methods",
            List.of("GET"),
            "backend",
            Map.of("service", "cart", "port", 8080));

    /** What the forms of the console send, all of it. */
    private static final Map<String, String> FORM = Map.of(
            "kind",
            "approve",
            "content_hash",
            "0",
            "comment",
            "so be it",
            "name",
            "other",
            "user",
            "somebody",
            "role",
            "viewer",
            "team",
            "web",
            "reason",
            "so be it",
            "text",
            "hello",
            "ip_addresses",
            "10.0.0.0/8");

    @Autowired
    @Qualifier("requestMappingHandlerMapping")
    private RequestMappingHandlerMapping mappings;

    private Org org;
    private String project;
    private String outsider;
    private String approval;
    private String task;

    /** What the other organization and project have, by the name of the path's variable. */
    private final Map<String, String> theirs = new LinkedHashMap<>();

    /** The same, of things that do not exist. */
    private final Map<String, String> nothing = new LinkedHashMap<>();

    /** What must not be told to an outsider. */
    private final List<String> secrets = new ArrayList<>();

    @BeforeEach
    void twoTenants() {
        if (org != null) {
            return;
        }
        org = given.organization();
        String cluster = given.unique("cluster");
        Client.Answer requested = as(org.admin())
                .post(ClusterFixtures.clusters(org.id()), ClusterFixtures.body(cluster))
                .expect(201);
        approval = requested.at("/approval_id");
        task = onlyTask(org.owner());
        String owner = given.person("project-owner");
        project = given.project(owner);
        String editor = given.member(project, ProjectRole.EDITOR, "web");
        Client asEditor = as(editor);
        String path = "/api/v1/projects/" + project;
        String host = project + ".example.com";
        asEditor.post(path + "/domains", Map.of("id", "shop", "host", host)).expect(201);
        Client.Answer route = asEditor.post(
                        path + "/domains/shop/routes",
                        Map.of(
                                "name",
                                given.unique("route"),
                                "path",
                                "/cart",
                                "methods",
                                List.of("GET"),
                                "backend",
                                Map.of("service", "cart", "port", 8080)))
                .expect(202);
        String client = asEditor.post(
                        path + "/clients",
                        Map.of("name", given.unique("client"), "team", "web", "ip_addresses", List.of("10.0.0.0/8")))
                .expect(201)
                .at("/id");
        Client.Answer orchestrator = as("superadmin")
                .post(
                        "/api/v1/orchestrators",
                        Map.of(
                                "name",
                                given.unique("Orchestrator"),
                                "contact_email",
                                "orchestrator@example.com",
                                "approval_required",
                                true))
                .expect(201);
        Client.Answer tenant = asOrchestrator(orchestrator.at("/client_id"), orchestrator.at("/client_secret"))
                .post(
                        "/api/v1/tenants",
                        Map.of("tenant_id", given.unique("t"), "name", "Example", "contact_email", "ops@example.com"))
                .expect(201);

        both("org", org.id(), given.unique("org"));
        both("project", project, given.unique("project"));
        both("user", org.admin(), given.unique("admin"));
        both("name", cluster, given.unique("cluster"));
        both("domain", "shop", "shop");
        both("team", "web", "web");
        both("approvals", approval, UUID.randomUUID().toString());
        both("routes", route.at("/id"), UUID.randomUUID().toString());
        both("clients", client, UUID.randomUUID().toString());
        both("tenants", tenant.at("/id"), UUID.randomUUID().toString());
        both("orchestrators", orchestrator.at("/id"), UUID.randomUUID().toString());
        both(
                "stage",
                as(org.owner()).get("/api/v1/approvals/" + approval).at("/stages/0/id"),
                UUID.randomUUID().toString());
        both(
                "audit",
                as(org.owner()).get("/api/v1/audit?entity_type=cluster&limit=1").at("/items/0/id"),
                "999999999999");
        secrets.addAll(List.of(
                org.id(),
                project,
                org.admin(),
                org.owner(),
                owner,
                editor,
                host,
                cluster,
                approval,
                route.at("/id"),
                client,
                tenant.at("/id"),
                orchestrator.at("/client_id")));

        outsider = given.organization().owner();
        given.project(outsider);
    }

    /** Guard: Scope and membership checks in every service (NotFound also for what one may not see). */
    @Test
    void what_belongs_to_others_answers_like_what_does_not_exist() {
        int compared = 0;
        for (RequestMappingInfo mapping : mappings.getHandlerMethods().keySet()) {
            for (String pattern : mapping.getPatternValues()) {
                if (!pattern.contains("{") || pattern.startsWith("/mailbox")) {
                    continue;
                }
                for (var method : mapping.getMethodsCondition().getMethods()) {
                    compare(method.name(), pattern);
                    compared++;
                }
            }
        }
        assertThat(compared).isGreaterThan(100);
    }

    /** Guard: lists are asked for in the caller's name. */
    @Test
    void no_list_names_what_belongs_to_others() {
        int asked = 0;
        for (RequestMappingInfo mapping : mappings.getHandlerMethods().keySet()) {
            for (String pattern : mapping.getPatternValues()) {
                boolean read = mapping.getMethodsCondition().getMethods().stream()
                        .anyMatch(method -> method.name().equals("GET"));
                boolean ours = !pattern.contains("{") && !pattern.startsWith("/v3") && !pattern.startsWith("/mailbox");
                // A stream never ends; those of the inbox are tested with the console.
                boolean stream =
                        mapping.getProducesCondition().getProducibleMediaTypes().contains(MediaType.TEXT_EVENT_STREAM);
                if (read && ours && !stream) {
                    assertTellsNothing(ask("GET", pattern).text(), pattern);
                    asked++;
                }
            }
        }
        assertThat(asked).isGreaterThan(15);
    }

    /** Guard: filters narrow what the caller may see, and never widen it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/audit?entity_type=cluster&entity_id={name}",
                "/api/v1/audit?actor={user}",
                "/api/v1/audit?entity_type=route",
                "/api/v1/approvals?status=pending&entityType=cluster",
                "/api/v1/approvals?decidable=true",
                "/api/v1/approvals?entityType=route&submitter={user}",
                "/approvals?type=cluster&status=pending",
            })
    void no_filter_finds_what_belongs_to_others(String query) {
        String path = fill(query, theirs);

        String answer = ask("GET", path).text();

        secrets.stream()
                .filter(secret -> !path.contains(secret))
                .forEach(secret -> assertThat(answer).as(path).doesNotContainPattern(whole(secret)));
    }

    /** Guard: the engine's authorizations, EngineIdentity for people and groups. */
    @ParameterizedTest
    @EnumSource(Way.class)
    void engine_finds_nothing_that_belongs_to_others(Way way) {
        String group = "organization:" + org.id() + ":owner";
        String holders = "organization:" + org.id() + ":cluster.approve";

        for (String query : List.of(
                "/task",
                "/task?processInstanceBusinessKey=" + theirs.get("name"),
                "/task?processVariables=approvalId_eq_" + approval,
                "/task?nameLike=%25" + theirs.get("name") + "%25",
                "/task?candidateGroup=" + holders,
                "/task?candidateGroups=" + holders + "," + group,
                "/task?includeAssignedTasks=true&candidateGroup=" + holders,
                "/task?candidateUser=" + org.owner(),
                "/task?involvedUser=" + org.owner(),
                "/task?assignee=" + org.owner(),
                "/task?taskId=" + task,
                "/user?id=" + org.owner(),
                "/user?memberOfGroup=" + holders,
                "/user?memberOfGroup=people&maxResults=1000",
                "/user?firstNameLike=%25" + org.owner() + "%25",
                "/user?emailLike=%25" + org.owner() + "%25",
                "/group?id=" + holders,
                "/group?idIn=" + holders,
                "/group?member=" + org.owner(),
                "/group?nameLike=%25" + org.id() + "%25",
                "/identity/groups?userId=" + org.owner())) {
            Answer answer = get(way, outsider, query);
            assertThat(answer.status()).as(query).isEqualTo(200);
            assertTellsNothing(answer.text(), query);
            JsonNode found = answer.json();
            if (found.isArray() && !query.startsWith("/user?memberOfGroup=people")) {
                assertThat(found).as(query).isEmpty();
            }
            if (query.startsWith("/task") || query.startsWith("/user") || query.startsWith("/group")) {
                String count = query.contains("?") ? query.replace("?", "/count?") : query + "/count";
                if (!query.startsWith("/user?memberOfGroup=people")) {
                    assertThat(get(way, outsider, count)
                                    .expect(200)
                                    .json()
                                    .at("/count")
                                    .asInt())
                            .as(count)
                            .isZero();
                }
            }
        }
    }

    /** Guard: EngineIdentity, and the engine's authorizations for permissions of others. */
    @ParameterizedTest
    @EnumSource(Way.class)
    void engine_says_nothing_about_people_of_others(Way way) {
        String nobody = given.unique("owner");

        assertSame(way, "/user/%s/profile", org.owner(), nobody);
        assertSame(way, "/identity/groups?userId=%s", org.owner(), nobody);
        assertSame(
                way,
                "/authorization/check?permissionName=READ&resourceName=task&resourceType=7&resourceId=" + task
                        + "&userId=%s",
                org.owner(),
                nobody);
    }

    /** Guard: identity-link filters of one's own tasks name nobody whom one could not see. */
    @Test
    void filter_of_tasks_counts_only_ones_own() {
        String filter = get(Way.PROGRAM, outsider, "/filter").json().at("/0/id").asText();

        assertThat(get(Way.PROGRAM, outsider, "/filter/" + filter + "/count")
                        .json()
                        .at("/count")
                        .asInt())
                .isZero();
        assertThat(post(
                                Way.PROGRAM,
                                outsider,
                                "/filter/" + filter + "/list",
                                Map.of("nameLike", "%" + theirs.get("name") + "%"))
                        .json())
                .isEmpty();
    }

    private void assertSame(Way way, String path, String theirId, String noId) {
        Answer known = get(way, outsider, path.formatted(theirId));
        Answer unknown = get(way, outsider, path.formatted(noId));
        assertThat(known.status()).as(path).isEqualTo(unknown.status()).isNotEqualTo(500);
        assertThat(known.text().replace(theirId, "X")).isEqualTo(unknown.text().replace(noId, "X"));
    }

    private void compare(String method, String pattern) {
        String theirPath = fill(pattern, theirs);
        String noPath = fill(pattern, nothing);
        Answer known = ask(method, theirPath);
        Answer unknown = ask(method, noPath);
        assertThat(known.status())
                .as("%s %s: %s", method, pattern, known.text())
                .isEqualTo(unknown.status())
                .isBetween(300, 499);
        assertThat(neutral(known.text(), theirs))
                .as("%s %s", method, pattern)
                .isEqualTo(neutral(unknown.text(), nothing));
    }

    /** @return the answer to the outsider, in a page or over REST */
    private Answer ask(String method, String path) {
        Object body = method.equals("GET") || method.equals("DELETE") ? null : body(path);
        if (path.startsWith("/api/")) {
            var answer = as(outsider).send(method, path, body);
            return new Answer(answer.status(), answer.text());
        }
        Visitor visitor = console();
        if (method.equals("GET")) {
            var answer = visitor.get(path);
            return new Answer(answer.status(), answer.text());
        }
        var answer = visitor.submit("/settings/profile", path, FORM);
        return new Answer(answer.status(), answer.text());
    }

    /** @return a body that keeps the rules where one is needed, so that the answer is about what the path names */
    private static Object body(String path) {
        String last = path.replaceAll("\\?.*", "").replaceAll(".*/", "");
        if (path.contains("/members/")) {
            return path.contains("/orgs/") ? Map.of("role", "viewer") : Map.of("role", "viewer", "team", "web");
        }
        if (path.contains("/policies/")) {
            return List.of(Map.of("order", 1, "required_permission", "route.approve", "team_scope", "any"));
        }
        return switch (last) {
            case "clusters" -> ClusterFixtures.body("prod-eu");
            case "teams" -> Map.of("id", "other", "name", "Other");
            case "domains" -> Map.of("id", "other", "host", "other.example.com");
            case "routes" -> ROUTE;
            case "clients" -> Map.of("name", "other", "team", "web", "ip_addresses", List.of("10.0.0.0/8"));
            case "attachments" ->
                Map.of(
                        "route_id",
                        UUID.randomUUID().toString(),
                        "client_id",
                        UUID.randomUUID().toString());
            case "comments" -> Map.of("text", "hello");
            case "approve", "reject", "override" -> Map.of("comment", "so be it");
            case "ip-addresses" -> Map.of("ip_addresses", List.of("10.0.0.0/8"));
            default -> path.contains("/routes/") ? ROUTE : new HashMap<>();
        };
    }

    private Visitor visitor;

    private Visitor console() {
        if (visitor == null) {
            visitor = new Visitor(server());
            visitor.signIn(outsider);
        }
        return visitor;
    }

    private void assertTellsNothing(String text, String where) {
        for (String secret : secrets) {
            assertThat(text).as(where).doesNotContainPattern(whole(secret));
        }
    }

    /** A name, and not the beginning of a longer one. */
    private static String whole(String name) {
        return Pattern.quote(name) + "(?![A-Za-z0-9])";
    }

    private void both(String variable, String theirValue, String noValue) {
        theirs.put(variable, theirValue);
        nothing.put(variable, noValue);
    }

    /** Fills a path's variables; what {@code {id}} is depends on what stands before it. */
    private String fill(String pattern, Map<String, String> values) {
        Matcher variable = VARIABLE.matcher(pattern);
        StringBuilder path = new StringBuilder();
        while (variable.find()) {
            String name = variable.group(1);
            String[] before = pattern.substring(0, variable.start()).split("/");
            String value = switch (name) {
                case "id" -> values.getOrDefault(before[before.length - 1], values.get("approvals"));
                case "stageId", "stage" -> values.get("stage");
                case "type", "entityType" -> "route";
                case "event" -> "suspend";
                default -> values.getOrDefault(name, "1");
            };
            variable.appendReplacement(path, Matcher.quoteReplacement(value));
        }
        return variable.appendTail(path).toString();
    }

    /** Leaves out what a request names itself, and what differs between any two pages. */
    private static String neutral(String text, Map<String, String> values) {
        String neutral = text.replaceAll("name=\"_csrf\" value=\"[^\"]*\"", "")
                .replaceAll("\"(instance|timestamp)\":\"[^\"]*\"", "");
        for (Map.Entry<String, String> value : values.entrySet()) {
            neutral = neutral.replaceAll(whole(value.getValue()), "<" + value.getKey() + ">");
        }
        return neutral;
    }
}
