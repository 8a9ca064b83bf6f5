package io.countersign.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.Client;
import io.countersign.Fixtures.Org;
import io.countersign.cluster.ClusterFixtures;
import io.countersign.identity.ProjectRole;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The engine's administrator moves tokens, writes variables, starts, restarts and ends processes, as Cockpit lets them.
 * Nothing of it makes a cluster be provisioned, a route be deployed, or an attachment or a tenant become active that
 * was not approved in full: what would do that reads the record first ({@code Approvals.carryOut}, and the status of
 * the entity's own row), fails, and its incident or its answer says why.
 */
class EngineStateAttackTest extends EngineTest {

    private static final Pattern ACTIVITY = Pattern.compile(
            "<bpmn:(?:userTask|serviceTask|callActivity|exclusiveGateway|endEvent|intermediateCatchEvent|subProcess"
                    + "|startEvent|receiveTask) id=\"([^\"]+)\"");

    /** What needs approval. */
    enum Kind {
        CLUSTER,
        ROUTE,
        ATTACHMENT,
        TENANT
    }

    /**
     * An entity as people and orchestrators see it, and what was done in the world.
     *
     * @param id the entity
     * @param approval its approval
     * @param status its status
     * @param world what the target or the orchestrator got
     * @param variables the process variables of its root process
     */
    private record Entity(
            String id,
            String approval,
            Supplier<String> status,
            Supplier<Object> world,
            Map<String, Object> variables) {

        Object seen() {
            return status.get() + " " + world.get();
        }
    }

    /** Guard: each delegate's look at the record. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void token_moved_anywhere_carries_nothing_out(Kind kind) {
        Entity pending = pending(kind);
        Object before = pending.seen();
        List<JsonNode> processes = processes(pending);

        moveTokensEverywhere(processes);

        awaitJobs(withCalled(processes));
        assertThat(pending.seen()).isEqualTo(before);
    }

    /** Guard: approval and entity must name each other; the variables of a process are never the authority. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void variables_that_name_something_approved_carry_nothing_out(Kind kind) {
        Entity approved = approved(kind);
        Entity pending = pending(kind);
        Object before = pending.seen();
        Object approvedBefore = approved.seen();
        List<JsonNode> processes = processes(pending);
        for (JsonNode process : processes) {
            approved.variables()
                    .forEach((name, value) ->
                            administrator("PUT", "/process-instance/" + id(process) + "/variables/" + name, value));
            Stream.of("approved", "finished", "decision", "loopCounter", "nrOfInstances", "nrOfCompletedInstances")
                    .forEach(name -> administrator(
                            "PUT",
                            "/process-instance/" + id(process) + "/variables/" + name,
                            Map.of("value", 1, "type", "Integer")));
        }

        moveTokensEverywhere(processes);

        awaitJobs(withCalled(processes));
        assertThat(pending.seen()).isEqualTo(before);
        assertThat(approved.seen()).isEqualTo(approvedBefore);
    }

    /** Guard: each delegate's look at the record, and that a process must be its entity's own. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void process_started_by_hand_carries_nothing_out(Kind kind) {
        Entity approved = approved(kind);
        Entity pending = pending(kind);
        Object before = pending.seen();
        List<String> models = switch (kind) {
            case CLUSTER -> List.of("cluster-approval", "carry-out", "approval-stages");
            case ROUTE -> List.of("route-change", "carry-out");
            case ATTACHMENT -> List.of("attachment-change", "carry-out", "client-access");
            case TENANT -> List.of("tenant-lifecycle", "approval-stages");
        };
        Set<String> started = new LinkedHashSet<>();

        for (String model : models) {
            for (boolean borrowed : new boolean[] {false, true}) {
                Map<String, Object> variables = new HashMap<>(pending.variables());
                if (borrowed) {
                    variables.put("approvalId", approved.variables().get("approvalId"));
                }
                for (String activity : activities(model)) {
                    Answer answer = administrator(
                            "POST",
                            "/process-definition/key/" + model + "/start",
                            Map.of(
                                    "businessKey",
                                    "by-hand",
                                    "variables",
                                    variables,
                                    "startInstructions",
                                    List.of(Map.of("type", "startBeforeActivity", "activityId", activity))));
                    if (answer.status() == 200) {
                        started.add(answer.json().at("/id").asText());
                    }
                }
                Answer answer = administrator(
                        "POST", "/process-definition/key/" + model + "/start", Map.of("variables", variables));
                if (answer.status() == 200) {
                    started.add(answer.json().at("/id").asText());
                }
            }
        }

        assertThat(started).isNotEmpty();
        awaitJobs(started);
        assertThat(pending.seen()).isEqualTo(before);
        started.forEach(process -> administrator("DELETE", "/process-instance/" + process, null));
    }

    /** Guard: messages end waits, and what comes after a wait reads the record. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void messages_signals_and_forced_jobs_carry_nothing_out(Kind kind) {
        Entity pending = pending(kind);
        Object before = pending.seen();
        List<JsonNode> processes = processes(pending);

        for (String message : List.of(
                "approval.cancelled",
                "request.cancelled",
                "attachment.settled",
                "tenant.suspend",
                "tenant.reactivate")) {
            for (JsonNode process : processes) {
                administrator(
                        "POST",
                        "/message",
                        Map.of(
                                "messageName",
                                message,
                                "processInstanceId",
                                id(process),
                                "processVariables",
                                Map.of("approved", Map.of("value", true, "type", "Boolean"))));
            }
        }
        administrator("POST", "/signal", Map.of("name", "approved"));
        forceJobs(processes);

        awaitJobs(withCalled(processes));
        assertThat(pending.seen()).isEqualTo(before);
    }

    /** Guard: the record stays rejected; a restarted process fails on it. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void rejected_request_that_is_restarted_is_not_carried_out(Kind kind) {
        Entity rejected = pending(kind);
        List<JsonNode> processes = processes(rejected);
        reject(kind, rejected);
        Object before = rejected.seen();

        for (JsonNode process : processes) {
            String definition = process.at("/definitionId").asText();
            for (String activity : activitiesOf(definition)) {
                administrator(
                        "POST",
                        "/process-definition/" + definition + "/restart",
                        Map.of(
                                "processInstanceIds",
                                List.of(id(process)),
                                "instructions",
                                List.of(Map.of("type", "startBeforeActivity", "activityId", activity))));
            }
        }

        awaitJobs(withCalled(processes(rejected)));
        assertThat(rejected.seen()).isEqualTo(before);
    }

    /** Guard: decisions need the task that the record names; its owner may submit anew. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void process_that_is_deleted_takes_its_request_with_it_and_carries_nothing_out(Kind kind) {
        Entity pending = pending(kind);
        Object world = pending.world().get();
        for (JsonNode process : processes(pending)) {
            administrator("DELETE", "/process-instance/" + id(process) + "?failIfNotExists=false", null);
        }
        assertThat(processes(pending)).isEmpty();

        Client.Answer decision = decide(kind, pending, "approve");

        assertThat(decision.status()).as(decision.text()).isBetween(400, 499);
        assertThat(pending.world().get()).isEqualTo(world);
    }

    private static void moveTokensEverywhere(List<JsonNode> processes) {
        assertThat(processes).hasSizeGreaterThanOrEqualTo(2);
        int moved = 0;
        for (JsonNode process : processes) {
            for (String activity : activitiesOf(process.at("/definitionId").asText())) {
                moved += move(process, "startBeforeActivity", activity, false) ? 1 : 0;
                moved += move(process, "startBeforeActivity", activity, true) ? 1 : 0;
                moved += move(process, "startAfterActivity", activity, false) ? 1 : 0;
            }
        }
        assertThat(moved).as("moves that the engine carried out").isPositive();
        forceJobs(processes);
    }

    private static boolean move(JsonNode process, String instruction, String activity, boolean skipListeners) {
        Map<String, Object> move = Map.of(
                "skipCustomListeners",
                skipListeners,
                "skipIoMappings",
                skipListeners,
                "instructions",
                List.of(Map.of("type", instruction, "activityId", activity)));
        return administrator("POST", "/process-instance/" + id(process) + "/modification", move)
                        .status()
                == 204;
    }

    /** Runs failed jobs once more, as an operator does who thinks that this helps. */
    private static void forceJobs(List<JsonNode> processes) {
        Set<String> all = withCalled(processes);
        awaitJobs(all);
        for (String process : all) {
            for (JsonNode job : administrator("GET", "/job?processInstanceId=" + process, null)
                    .expect(200)
                    .json()) {
                administrator("PUT", "/job/" + id(job) + "/retries", Map.of("retries", 1));
                administrator("POST", "/job/" + id(job) + "/execute", null);
            }
        }
    }

    private static void awaitJobs(Set<String> processes) {
        await("jobs are done or out of retries")
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(200))
                .untilAsserted(() -> assertThat(processes)
                        .allSatisfy(process -> assertThat(administrator(
                                                "GET",
                                                "/job?messages=true&withRetriesLeft=true&processInstanceId=" + process,
                                                null)
                                        .json())
                                .isEmpty()));
    }

    private static Set<String> withCalled(List<JsonNode> processes) {
        Set<String> all = new LinkedHashSet<>();
        List<JsonNode> todo = new ArrayList<>(processes);
        while (!todo.isEmpty()) {
            String process = id(todo.remove(0));
            if (all.add(process)) {
                administrator("GET", "/process-instance?superProcessInstance=" + process, null)
                        .expect(200)
                        .json()
                        .forEach(todo::add);
            }
        }
        return all;
    }

    /** @return the running processes about an entity: its own and that of the stages */
    private static List<JsonNode> processes(Entity entity) {
        List<JsonNode> found = new ArrayList<>();
        administrator("GET", "/process-instance?variables=approvalId_eq_" + entity.approval(), null)
                .expect(200)
                .json()
                .forEach(found::add);
        return found;
    }

    private static List<String> activities(String model) {
        return activitiesIn(administrator("GET", "/process-definition/key/" + model + "/xml", null));
    }

    private static List<String> activitiesOf(String definition) {
        return activitiesIn(administrator("GET", "/process-definition/" + definition + "/xml", null));
    }

    private static List<String> activitiesIn(Answer xml) {
        return ACTIVITY.matcher(xml.expect(200).json().at("/bpmn20Xml").asText())
                .results()
                .map(match -> match.group(1))
                .toList();
    }

    private static Answer administrator(String method, String path, Object body) {
        return call(Way.PROGRAM, ADMINISTRATOR, method, path, body);
    }

    private static String id(JsonNode node) {
        return node.at("/id").asText();
    }

    // Entities

    private Entity pending(Kind kind) {
        return entity(kind, false);
    }

    private Entity approved(Kind kind) {
        return entity(kind, true);
    }

    private Entity entity(Kind kind, boolean approve) {
        return switch (kind) {
            case CLUSTER -> cluster(approve);
            case ROUTE -> route(approve);
            case ATTACHMENT -> attachment(approve);
            case TENANT -> tenant(approve);
        };
    }

    private String decider;

    private Client.Answer decide(Kind kind, Entity entity, String decision) {
        Client client = as(kind == Kind.TENANT ? "superadmin" : decider);
        String path = "/api/v1/approvals/" + entity.approval();
        String stage = client.get(path).expect(200).at("/stages/0/id");
        return client.post(path + "/stages/" + stage + "/" + decision, Map.of("comment", "so be it"));
    }

    private void reject(Kind kind, Entity entity) {
        decide(kind, entity, "reject").expect(200);
    }

    private Entity cluster(boolean approve) {
        Org org = given.organization();
        Client.Answer created = as(org.admin())
                .post(ClusterFixtures.clusters(org.id()), ClusterFixtures.body("prod-eu"))
                .expect(201);
        if (approve) {
            ClusterFixtures.approve(as(org.owner()), created.at("/approval_id")).expect(200);
            ClusterFixtures.await(as(org.owner()), org.id(), "prod-eu", "RUNNING");
        }
        decider = org.owner();
        return new Entity(
                created.at("/id"),
                created.at("/approval_id"),
                () -> as(org.owner())
                        .get(ClusterFixtures.clusters(org.id()) + "/prod-eu")
                        .at("/status"),
                () -> files(org.id()),
                carriedOut(
                        "cluster",
                        created.at("/id"),
                        variables("clusterId", created.at("/id"), created.at("/approval_id"))));
    }

    private Entity route(boolean approve) {
        Project project = project();
        Client.Answer submitted = project.submitRoute();
        if (approve) {
            project.deploy(submitted);
        }
        return new Entity(
                submitted.at("/id"),
                submitted.at("/approval_id"),
                () -> project.get("/routes/" + submitted.at("/id")).at("/status"),
                () -> files(project.id()),
                carriedOut(
                        "route",
                        submitted.at("/id"),
                        variables("routeId", submitted.at("/id"), submitted.at("/approval_id"))));
    }

    private Entity attachment(boolean approve) {
        Project project = project();
        Client.Answer route = project.submitRoute();
        project.deploy(route);
        String client = as(project.editor())
                .post(
                        project.path("/clients"),
                        Map.of("name", "partner", "team", "web", "ip_addresses", List.of("10.0.0.0/8")))
                .expect(201)
                .at("/id");
        Client.Answer submitted = as(project.editor())
                .post(project.path("/attachments"), Map.of("route_id", route.at("/id"), "client_id", client))
                .expect(202);
        if (approve) {
            project.approve(submitted, 2);
            as(project.owner())
                    .post(project.path("/routes/" + route.at("/id") + "/deploy"), null)
                    .expect(202);
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(project.get("/attachments/" + submitted.at("/id"))
                                    .at("/status"))
                            .isEqualTo("active"));
        }
        Map<String, Object> variables = carriedOut(
                "route", route.at("/id"), variables("attachmentId", submitted.at("/id"), submitted.at("/approval_id")));
        variables.put("routeId", text(route.at("/id")));
        variables.put("clientId", text(client));
        return new Entity(
                submitted.at("/id"),
                submitted.at("/approval_id"),
                () -> project.get("/attachments/" + submitted.at("/id")).at("/status"),
                () -> files(project.id()),
                variables);
    }

    private Entity tenant(boolean approve) {
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
        Client client = asOrchestrator(orchestrator.at("/client_id"), orchestrator.at("/client_secret"));
        String tenant = client.post(
                        "/api/v1/tenants",
                        Map.of("tenant_id", given.unique("t"), "name", "Example", "contact_email", "ops@example.com"))
                .expect(201)
                .at("/id");
        if (approve) {
            as("superadmin")
                    .post("/api/v1/tenants/" + tenant + "/approve", Map.of())
                    .expect(200);
        }
        String approval = as("superadmin").get("/api/v1/tenants/" + tenant).at("/approval_id");
        return new Entity(
                tenant,
                approval,
                () -> as("superadmin").get("/api/v1/tenants/" + tenant).at("/status"),
                () -> client.get("/api/v1/sync/features").expect(200).json().at("/tenants"),
                variables("registrationId", tenant, approval));
    }

    private Project project() {
        String owner = given.person("owner");
        String id = given.project(owner);
        given.team(id, "payments");
        Project project = new Project(id, owner, given.member(id, ProjectRole.EDITOR, "web"));
        as(project.editor())
                .post(project.path("/domains"), Map.of("id", "shop", "host", id + ".example.com"))
                .expect(201);
        decider = owner;
        return project;
    }

    /** A project with an editor who asks and an owner who decides. */
    private record Project(String id, String owner, String editor) {

        String path(String path) {
            return "/api/v1/projects/" + id + path;
        }

        Client.Answer get(String path) {
            return as(owner).get(path(path));
        }

        Client.Answer submitRoute() {
            return as(editor)
                    .post(
                            path("/domains/shop/routes"),
                            Map.of(
                                    "name",
                                    "cart",
                                    "path",
                                    "/cart",
                                    "methods",
                                    List.of("GET"),
                                    "backend",
                                    Map.of("service", "cart", "port", 8080)))
                    .expect(202);
        }

        void approve(Client.Answer submitted, int stages) {
            for (int i = 0; i < stages; i++) {
                String stage = as(owner)
                        .get("/api/v1/approvals/" + submitted.at("/approval_id"))
                        .at("/stages/" + i + "/id");
                as(owner)
                        .post(
                                "/api/v1/approvals/" + submitted.at("/approval_id") + "/stages/" + stage + "/approve",
                                Map.of())
                        .expect(200);
            }
        }

        void deploy(Client.Answer route) {
            approve(route, 1);
            as(owner).post(path("/routes/" + route.at("/id") + "/deploy"), null).expect(202);
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(
                            () -> assertThat(get("/routes/" + route.at("/id")).at("/status"))
                                    .isEqualTo("active"));
        }
    }

    private static Map<String, Object> variables(String name, String id, String approval) {
        return Map.of(name, text(id), "approvalId", text(approval));
    }

    /** @return the variables, and what names the subject to the process that carries changes out */
    private static Map<String, Object> carriedOut(String kind, String subject, Map<String, Object> variables) {
        Map<String, Object> all = new HashMap<>(variables);
        all.put("kind", text(kind));
        all.put("subject", text(subject));
        return all;
    }

    private static Map<String, Object> text(String value) {
        return Map.of("value", value, "type", "String");
    }

    /** @return what the target has of a scope: the text of each file */
    private static Map<String, String> files(String scope) {
        Path directory = MANIFESTS.resolve(scope);
        if (!Files.exists(directory)) {
            return Map.of();
        }
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile)
                    .collect(Collectors.toMap(
                            Path::toString, EngineStateAttackTest::read, (one, other) -> one, TreeMap::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
