package io.countersign.attack;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.Client;
import io.countersign.engine.doors.ServedEndpoints;
import io.countersign.engine.doors.ServedEndpoints.Endpoint;
import io.countersign.identity.signin.DoorRules;
import io.countersign.identity.signin.DoorRules.Access;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.web.servlet.context.ServletWebServerApplicationContext;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.PathContainer;

/**
 * Every endpoint of the engine and of its web applications that the running server has, tried over HTTP by everybody it
 * is not for. Guard of all of it: EngineDoors, which Spring Security asks; what the table says is in
 * docs/engine-doors.md.
 */
class DoorsAttackTest extends EngineTest {

    private static final Set<Access> FOR_PEOPLE = Set.of(Access.PEOPLE);
    private static final Set<Access> FOR_SUPERADMINS = Set.of(Access.PEOPLE, Access.SUPERADMINS);
    private static final Set<Access> FOR_ADMINISTRATORS =
            Set.of(Access.PEOPLE, Access.SUPERADMINS, Access.ADMINISTRATORS);

    @Autowired
    private ServletWebServerApplicationContext server;

    @Autowired
    private DoorRules doors;

    @Test
    void person_reaches_nothing_but_what_work_on_tasks_needs() throws Exception {
        String person = given.organization().owner();

        assertThat(closed(FOR_PEOPLE)).hasSizeGreaterThan(1200).allSatisfy(door -> expectClosed(door, person));
    }

    @Test
    void superadmin_reaches_nothing_that_changes_the_engine() throws Exception {
        String superadmin = given.superadmin();

        assertThat(closed(FOR_SUPERADMINS)).hasSizeGreaterThan(400).allSatisfy(door -> expectClosed(door, superadmin));
    }

    @Test
    void administrator_does_not_reach_what_is_for_nobody() throws Exception {
        assertThat(closed(FOR_ADMINISTRATORS))
                .hasSizeGreaterThan(80)
                .allSatisfy(door -> expectClosed(door, ADMINISTRATOR));
    }

    @Test
    void orchestrator_reaches_nothing_of_the_engine() throws Exception {
        Client orchestrator = asOrchestrator("demo-orchestrator", "demo");

        assertThat(withoutSigningOut()).allSatisfy(door -> {
            int status = orchestrator.send(door.method(), concrete(door), null).status();
            assertThat(status).isEqualTo(door.path().startsWith("/engine-rest") ? 403 : 401);
        });
    }

    @Test
    void nobody_gets_in_without_signing_in() throws Exception {
        Client nobody = anonymous();

        assertThat(withoutSigningOut())
                .allSatisfy(door -> assertThat(
                                nobody.send(door.method(), concrete(door), null).status())
                        .isEqualTo(401));
    }

    @Test
    void token_and_password_open_nothing_of_the_web_applications() {
        String person = given.person("person");

        assertThat(as(person).get("/camunda/api/engine/engine/default/task").status())
                .isEqualTo(401);
        assertThat(as(person).get("/camunda/app/tasklist/default/").status()).isEqualTo(302);
    }

    @ParameterizedTest
    @CsvSource({
        "variables, PUT, /process-instance/1/variables/approved",
        "variables of a task, POST, /task/1/variables",
        "local variables of a task, PUT, /task/1/localVariables/payload",
        "modification, POST, /process-instance/1/modification",
        "modification of many, POST, /modification/execute",
        "migration, POST, /migration/execute",
        "restart, POST, /process-definition/1/restart",
        "starting processes, POST, /process-definition/key/cluster-approval/start",
        "messages, POST, /message",
        "signals, POST, /signal",
        "conditions, POST, /condition",
        "jobs, POST, /job/1/execute",
        "job retries, PUT, /job/1/retries",
        "external tasks, POST, /external-task/fetchAndLock",
        "deployments, POST, /deployment/create",
        "models, DELETE, /process-definition/1",
        "decisions that are evaluated, POST, /decision-definition/key/x/evaluate",
        "batches, GET, /batch",
        "history, GET, /history/process-instance",
        "authorizations, POST, /authorization/create",
        "users, POST, /user/create",
        "passwords, POST, /identity/verify",
        "groups, PUT, /group/camunda-admin/members/me",
        "filters, POST, /filter/create",
        "assignees, POST, /task/1/assignee",
        "candidates, POST, /task/1/identity-links",
        "delegation, POST, /task/1/delegate",
        "resolution, POST, /task/1/resolve",
        "errors, POST, /task/1/bpmnError",
        "escalations, POST, /task/1/bpmnEscalation",
        "attachments, POST, /task/1/attachment/create",
        "others' comments, DELETE, /task/1/comment/2",
    })
    void what_could_bend_a_process_is_closed_to_people(String what, String method, String path) {
        String person = given.person("person");

        for (Way way : Way.values()) {
            call(way, person, method, path, method.equals("GET") ? null : Map.of())
                    .expect(403);
        }
    }

    /** Guard: EngineDoors names methods, and compares paths as servers read them. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/engine-rest/%6Ahistory/task",
                "/engine-rest/%68istory/task",
                "/engine-rest/task/../history/task",
                "/engine-rest/task/%2e%2e/history/task",
                "/engine-rest//history/task",
                "/engine-rest/history/task/",
                "/engine-rest/history/task;a=b",
                "/engine-rest/engine/default/history/task",
                "/engine-rest/engine/%64efault/history/task",
                "/engine-rest/History/task",
                "/engine-rest/task/1%2F..%2F..%2Fhistory%2Ftask",
                "/engine-rest/process-definition/%73tatistics",
            })
    void writing_a_path_in_another_way_opens_nothing(String path) {
        String person = given.person("person");

        assertThat(as(person).get(path).status()).isIn(400, 403, 404);
    }

    /** Guard: nothing reads these headers. */
    @ParameterizedTest
    @ValueSource(strings = {"X-HTTP-Method-Override", "X-Original-URL", "X-Rewrite-URL", "X-Authorized-User", "X-User"})
    void header_opens_nothing(String header) {
        String person = given.person("person");

        assertThat(as(person)
                        .send("GET", "/engine-rest/history/task", null, header, "POST")
                        .status())
                .isEqualTo(403);
        assertThat(as(person)
                        .send("GET", "/engine-rest/history/task", null, header, "/engine-rest/task")
                        .status())
                .isEqualTo(403);
        assertThat(as(person)
                        .send("GET", "/engine-rest/history/task", null, header, ADMINISTRATOR)
                        .status())
                .isEqualTo(403);
    }

    /** Guard: SignInConfiguration refuses what the table does not let through, on an open path as well. */
    @ParameterizedTest
    @ValueSource(strings = {"HEAD", "PATCH", "PUT", "DELETE"})
    void other_method_on_an_open_path_opens_nothing(String method) {
        String person = given.person("person");

        assertThat(as(person).send(method, "/engine-rest/task", null).status()).isEqualTo(403);
    }

    private List<Endpoint> closed(Set<Access> open) throws Exception {
        return ServedEndpoints.of(server).stream()
                .filter(door -> !open.contains(access(door)))
                .toList();
    }

    /** Signing out does nothing to who is not signed in. */
    private List<Endpoint> withoutSigningOut() throws Exception {
        return ServedEndpoints.of(server).stream()
                .filter(door -> !door.path().endsWith("/logout"))
                .toList();
    }

    private Access access(Endpoint door) {
        return doors.access(HttpMethod.valueOf(door.method()), PathContainer.parsePath(door.path()));
    }

    private static void expectClosed(Endpoint door, String person) {
        int status = door.path().startsWith("/engine-rest")
                ? as(person).send(door.method(), concrete(door), null).status()
                : browse(person, door.method(), concrete(door), null).status();
        assertThat(status).as("%s", door).isEqualTo(403);
    }

    /** @return the path with names in the place of variables */
    private static String concrete(Endpoint door) {
        return door.path()
                .replace("/engine/{}", "/engine/default")
                .replace("plugin/base/{}", "plugin/base/default")
                .replace("{}", "1");
    }
}
