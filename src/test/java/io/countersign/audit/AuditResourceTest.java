package io.countersign.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.Client.Answer;
import io.countersign.Fixtures.Org;
import io.countersign.ServerTest;
import io.countersign.approval.Approval;
import io.countersign.approval.Policy;
import io.countersign.chain.Link;
import io.countersign.cluster.ClusterRequests;
import io.countersign.identity.Permission;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

class AuditResourceTest extends ServerTest {

    @Autowired
    private Sealer sealer;

    @Test
    void entry_says_who_did_what_from_where_and_what_it_changed() {
        Org org = given.organization();
        Approval request = request(org);
        String stage = request.stages().get(0).id().toString();
        as(org.owner())
                .send(
                        "POST",
                        "/api/v1/approvals/" + request.id() + "/stages/" + stage + "/approve",
                        Map.of("comment", "fine"),
                        "User-Agent",
                        "countersign-cli/1")
                .expect(200);
        sealer.seal();

        JsonNode entry = as(org.owner())
                .get("/api/v1/audit?action=approve&entity_id=" + request.entityId())
                .expect(200)
                .json()
                .at("/items/0");

        assertThat(entry.path("actor").asText()).isEqualTo(org.owner());
        assertThat(entry.path("origin").asText()).isEqualTo("api");
        assertThat(entry.path("ip_address").asText()).isEqualTo("127.0.0.1");
        assertThat(entry.at("/details/comment").asText()).isEqualTo("fine");
        assertThat(entry.at("/before/status").asText()).isEqualTo("pending");
        assertThat(entry.at("/after/status").asText()).isEqualTo("approved");
        assertThat(entry.path("sequence").asLong()).isPositive();
        assertThat(entry.path("hash").asText()).hasSize(64);
        assertThat(as(org.owner())
                        .get("/api/v1/audit/" + entry.path("id"))
                        .expect(200)
                        .json())
                .isEqualTo(entry);
    }

    @Test
    void submission_shows_what_is_asked_for_and_a_role_what_it_was() {
        Org org = given.organization();
        Approval request = request(org);
        as(org.owner())
                .put("/api/v1/orgs/" + org.id() + "/members/" + org.viewer(), Map.of("role", "developer"))
                .expect(200);

        JsonNode submission = first(org.owner(), "action=submit&entity_id=" + request.entityId());
        assertThat(submission.path("before").isNull()).isTrue();
        assertThat(submission.at("/after/size").asInt()).isEqualTo(3);
        JsonNode role = first(org.owner(), "action=set_role&actor=" + org.owner());
        assertThat(role.at("/before/role").asText()).isEqualTo("viewer");
        assertThat(role.at("/after/role").asText()).isEqualTo("developer");
    }

    @Test
    void every_filter_holds() {
        Org org = given.organization();
        Approval request = request(org);
        Instant between = Instant.now();
        as(org.owner())
                .post("/api/v1/approvals/" + request.id() + "/comments", Map.of("text", "why?"))
                .expect(201);

        String scope = "scope=organization:" + org.id();
        assertThat(actions(org.owner(), scope + "&entity_type=cluster")).containsExactly("comment", "submit");
        assertThat(actions(
                        org.owner(),
                        scope + "&entity_name=" + request.entityName().toUpperCase()))
                .containsExactly("comment", "submit");
        assertThat(actions(org.owner(), scope + "&entity_name=%25")).isEmpty();
        assertThat(actions(org.owner(), scope + "&actor=" + org.owner())).containsExactly("comment");
        assertThat(actions(org.owner(), scope + "&origin=api")).containsExactly("comment");
        assertThat(actions(org.owner(), scope + "&from=" + between)).containsExactly("comment");
        assertThat(actions(org.owner(), scope + "&to=" + between))
                .doesNotContain("comment")
                .contains("submit");
        assertThat(actions(org.owner(), scope + "&action=submit")).containsExactly("submit");
        assertThat(actions(org.owner(), "scope=organization:other")).isEmpty();
    }

    @Test
    void pages_continue_where_the_last_one_ended() {
        Org org = given.organization();
        String query = "/api/v1/audit?limit=2&scope=organization:" + org.id();

        Answer first = as(org.owner()).get(query).expect(200);
        Answer second = as(org.owner())
                .get(query + "&cursor=" + first.at("/next_cursor"))
                .expect(200);

        assertThat(first.json().path("items")).hasSize(2);
        assertThat(second.json().path("items")).hasSize(2);
        assertThat(second.json().at("/items/0/id").asLong())
                .isLessThan(first.json().at("/items/1/id").asLong());
    }

    @Test
    void wrong_filters_are_named() {
        String someone = given.person("someone");

        for (String query : List.of("from=yesterday", "to=2025-01-01", "origin=pigeon", "limit=0")) {
            assertThat(as(someone)
                            .get("/api/v1/audit?" + query)
                            .expectProblem(422, "invalid_input")
                            .at("/errors/0/field"))
                    .isEqualTo(query.split("=")[0]);
        }
        assertThat(as(someone)
                        .get("/api/v1/audit?from=2025-01-02T00:00:00Z&to=2025-01-01T00:00:00Z")
                        .expectProblem(422, "invalid_input")
                        .at("/errors/0/field"))
                .isEqualTo("to");
        assertThat(as(someone)
                        .get("/api/v1/audit/export?format=pdf")
                        .expectProblem(422, "invalid_input")
                        .at("/errors/0/field"))
                .isEqualTo("format");
    }

    @Test
    void trail_is_open_to_those_whose_role_says_so() {
        Org org = given.organization();
        request(org);
        String entry =
                first(org.admin(), "scope=organization:" + org.id()).path("id").asText();

        for (String user : List.of(org.developer(), org.viewer(), given.person("stranger"))) {
            assertThat(actions(user, "scope=organization:" + org.id())).isEmpty();
            as(user).get("/api/v1/audit/" + entry).expectProblem(404, "not_found");
            assertThat(as(user).get("/api/v1/audit/export?scope=organization:" + org.id())
                            .expect(200)
                            .text())
                    .isEmpty();
        }
        assertThat(actions("superadmin", "scope=organization:" + org.id())).contains("submit");
    }

    @Test
    void export_as_csv_is_safe_to_open_in_a_spreadsheet() {
        Org org = given.organization();
        Approval request = request(org);
        as(org.owner())
                .put("/api/v1/orgs/" + org.id() + "/members/" + org.viewer(), Map.of("role", "developer"))
                .expect(200);

        Answer export = as(org.owner())
                .get("/api/v1/audit/export?format=csv&scope=organization:" + org.id())
                .expect(200);

        assertThat(export.raw().headers().firstValue("content-type")).hasValue("text/csv;charset=UTF-8");
        assertThat(export.raw().headers().firstValue("content-disposition"))
                .hasValue("attachment; filename=\"audit.csv\"");
        List<String> lines = List.of(export.text().split("\r\n"));
        assertThat(lines.get(0))
                .startsWith("sequence,id,at,actor,actor_type,action,entity_type,")
                .endsWith("previous_hash,hash");
        assertThat(lines)
                .anySatisfy(line -> assertThat(line)
                        .contains(",submit,cluster," + request.entityId())
                        .contains("\"\"name\"\": \"\"" + request.entityName() + "\"\""))
                .anySatisfy(
                        line -> assertThat(line).contains(org.owner() + ",person,set_role,organization," + org.id()))
                .last()
                .asString()
                .contains(org.owner() + ",person,export,audit_trail,");
    }

    @Test
    void export_as_json_lines_has_every_entry_of_the_filter_with_its_hash() {
        Org org = given.organization();
        request(org);

        Answer export = as(org.owner())
                .get("/api/v1/audit/export?scope=organization:" + org.id())
                .expect(200);

        List<Link> links = export.text().lines().map(Link::parse).toList();
        assertThat(links)
                .extracting(link -> link.entry().path("action").asText())
                .contains("create", "set_role", "submit");
        assertThat(links).isSortedAccordingTo(Comparator.comparingLong(Link::sequence));
        assertThat(links)
                .allSatisfy(link -> assertThat(Link.seal(link.sequence(), link.previousHash(), link.entry()))
                        .isEqualTo(link));
    }

    @Test
    void whole_trail_is_verified_also_against_anchors() {
        given.organization();
        sealer.seal();
        Sealer.Head head = sealer.head().orElseThrow();

        Answer intact = as("superadmin").get("/api/v1/audit/verification").expect(200);
        assertThat(intact.json().path("intact").asBoolean()).as(intact.text()).isTrue();
        assertThat(intact.json().path("checked").asLong()).isGreaterThanOrEqualTo(head.sequence());
        assertThat(as("superadmin")
                        .get("/api/v1/audit/verification?anchor=" + head.sequence() + ":" + head.hash() + "&anchor="
                                + head.hash())
                        .expect(200)
                        .at("/anchors_met"))
                .isEqualTo("2");
        Answer forged = as("superadmin")
                .post(
                        "/api/v1/audit/verification",
                        Map.of("anchors", List.of(Map.of("sequence", head.sequence(), "hash", "0".repeat(64)))))
                .expect(200);
        assertThat(forged.json().path("intact").asBoolean()).isFalse();
        assertThat(forged.at("/finding/kind")).isEqualTo("rewritten");
        Answer beyond = as("superadmin")
                .post(
                        "/api/v1/audit/verification",
                        Map.of("anchors", List.of(Map.of("sequence", 1_000_000_000, "hash", "0".repeat(64)))))
                .expect(200);
        assertThat(beyond.at("/finding/kind")).isEqualTo("tail_cut");
    }

    @Test
    void verification_is_for_those_who_may_read_everything() {
        Org org = given.organization();

        as(org.owner()).get("/api/v1/audit/verification").expectProblem(403, "missing_permission");
        as("superadmin").get("/api/v1/audit/verification?anchor=abc").expectProblem(422, "invalid_input");
        as("superadmin")
                .post("/api/v1/audit/verification", Map.of("anchors", List.of(Map.of("sequence", 1, "hash", "x"))))
                .expectProblem(422, "invalid_input");
    }

    @Test
    void instances_that_seal_at_once_make_one_chain() throws InterruptedException {
        AtomicInteger failures = new AtomicInteger();
        List<Thread> threads = Stream.of(1, 2, 3, 4)
                .map(n -> new Thread(() -> {
                    try {
                        for (int i = 0; i < 5; i++) {
                            given.organization();
                            sealer.seal();
                        }
                    } catch (RuntimeException e) {
                        failures.incrementAndGet();
                    }
                }))
                .toList();

        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(failures).hasValue(0);
        assertThat(as("superadmin")
                        .get("/api/v1/audit/verification")
                        .expect(200)
                        .at("/intact"))
                .isEqualTo("true");
    }

    private Approval request(Org org) {
        return given.request(
                ClusterRequests.TYPE, org.scope(), org.admin(), Policy.singleStage(Permission.CLUSTER_APPROVE));
    }

    private JsonNode first(String user, String query) {
        return as(user).get("/api/v1/audit?" + query).expect(200).json().at("/items/0");
    }

    private List<String> actions(String user, String query) {
        return StreamSupport.stream(
                        as(user).get("/api/v1/audit?limit=100&" + query)
                                .expect(200)
                                .json()
                                .path("items")
                                .spliterator(),
                        false)
                .map(entry -> entry.path("action").asText())
                .toList();
    }
}
