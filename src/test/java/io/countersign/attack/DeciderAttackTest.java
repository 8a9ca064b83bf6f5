package io.countersign.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.Fixtures.Org;
import io.countersign.cluster.ClusterFixtures;
import io.countersign.identity.OrganizationRole;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Who decided is the person who is signed in, from every client, and stays so when engine jobs go on later. Guard of
 * all of it: the listener of the task asks who is signed in, and nothing else.
 */
class DeciderAttackTest extends EngineTest {

    private Org org;
    private String owner2;
    private String approval;

    /** By which client a person decides. */
    enum Door {
        REST,
        ENGINE_REST,
        TASKLIST,
        CONSOLE
    }

    @ParameterizedTest
    @EnumSource(Door.class)
    void decider_is_the_person_who_is_signed_in(Door door) {
        requested();

        decideInTheNameOf(owner2, door);

        assertDecidedBy(org.owner());
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(as(org.owner())
                                .get(ClusterFixtures.clusters(org.id()) + "/prod-eu")
                                .at("/status"))
                        .isEqualTo("RUNNING"));
        // What jobs did afterwards is nobody's deed, and the decision is still the decider's.
        assertDecidedBy(org.owner());
        JsonNode trail = as(org.owner())
                .get("/api/v1/audit?entity_type=cluster&entity_id=prod-eu&limit=100")
                .expect(200)
                .json()
                .at("/items");
        assertThat(trail)
                .filteredOn(entry -> entry.at("/actor").asText().equals(owner2))
                .isEmpty();
        assertThat(trail)
                .filteredOn(entry -> entry.at("/action").asText().equals("approve"))
                .extracting(entry -> entry.at("/actor").asText())
                .containsExactly(org.owner());
        assertThat(trail)
                .filteredOn(entry -> entry.at("/action").asText().equals("running"))
                .isNotEmpty()
                .allSatisfy(entry -> assertThat(entry.at("/actor").asText()).isNotIn(org.owner(), owner2));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Authorized-User",
                "X-Authenticated-User",
                "X-Forwarded-User",
                "X-Remote-User",
                "Remote-User",
                "From",
                "X-User-Id",
                "On-Behalf-Of"
            })
    void header_names_nobody(String header) {
        requested();

        as(org.owner())
                .send("POST", stage() + "/approve", Map.of("comment", "fine"), header, owner2)
                .expect(200);

        assertDecidedBy(org.owner());
    }

    @Test
    void decision_without_a_person_is_none() {
        requested();
        String task = onlyTask(org.owner());

        anonymous()
                .post(ENGINE_REST + "/task/" + task + "/complete", variables("decision", "approve"))
                .expect(401);
        anonymous().post(stage() + "/approve", Map.of()).expect(401);
        asOrchestrator("demo-orchestrator", "demo")
                .post(ENGINE_REST + "/task/" + task + "/complete", variables("decision", "approve"))
                .expect(403);
        asOrchestrator("demo-orchestrator", "demo")
                .post(stage() + "/approve", Map.of())
                .expect(403);

        assertThat(request().at("/status").asText()).isEqualTo("pending");
    }

    private void requested() {
        org = given.organization();
        owner2 = given.person("owner2");
        given.member(org.id(), owner2, OrganizationRole.OWNER);
        approval = as(org.admin())
                .post(ClusterFixtures.clusters(org.id()), ClusterFixtures.body("prod-eu"))
                .expect(201)
                .at("/approval_id");
    }

    /** The owner decides and says, wherever one can say something, that it was somebody else. */
    private void decideInTheNameOf(String other, Door door) {
        switch (door) {
            case REST -> {
                as(org.owner())
                        .post(stage() + "/approve?user=" + other + "&decided_by=" + other, Map.of("comment", "x"))
                        .expect(422);
                as(org.owner())
                        .post(stage() + "/approve", Map.of("comment", "x", "decided_by", other))
                        .expect(422);
                as(org.owner())
                        .post(stage() + "/approve", Map.of("comment", "by " + other))
                        .expect(200);
            }
            case ENGINE_REST -> decideOnTask(Way.PROGRAM, other);
            case TASKLIST -> decideOnTask(Way.BROWSER, other);
            case CONSOLE -> {
                Visitor visitor = new Visitor(server());
                visitor.signIn(org.owner());
                String page = "/approvals/" + approval;
                String stage = request().at("/stages/0/id").asText();
                visitor.submit(
                                page,
                                page + "/stages/" + stage + "/decide",
                                Map.of(
                                        "kind",
                                        "approve",
                                        "comment",
                                        "by " + other,
                                        "user",
                                        other,
                                        "decided_by",
                                        other,
                                        "content_hash",
                                        request().at("/content_hash").asText()))
                        .expect(302);
            }
        }
    }

    private void decideOnTask(Way way, String other) {
        Map<String, Object> sent = new HashMap<>();
        sent.put("decision", Map.of("value", "approve"));
        for (String name : new String[] {"decidedBy", "decided_by", "user", "userId", "assignee", "currentUser"}) {
            sent.put(name, Map.of("value", other));
        }
        post(
                        way,
                        org.owner(),
                        "/task/" + onlyTask(org.owner()) + "/complete?userId=" + other,
                        Map.of("variables", sent))
                .expect(204);
    }

    private void assertDecidedBy(String person) {
        JsonNode stage = request().at("/stages/0");
        assertThat(stage.at("/decided_by").asText()).isEqualTo(person);
        assertThat(stage.at("/decisions")).hasSize(1);
        assertThat(stage.at("/decisions/0/decided_by").asText()).isEqualTo(person);
    }

    private String stage() {
        return "/api/v1/approvals/" + approval + "/stages/"
                + request().at("/stages/0/id").asText();
    }

    private JsonNode request() {
        return as(org.owner()).get("/api/v1/approvals/" + approval).expect(200).json();
    }
}
