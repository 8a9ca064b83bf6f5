package io.countersign.cluster.process;

import static io.countersign.cluster.ClusterFixtures.approve;
import static io.countersign.cluster.ClusterFixtures.await;
import static io.countersign.cluster.ClusterFixtures.body;
import static io.countersign.cluster.ClusterFixtures.clusters;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.Client.Answer;
import io.countersign.Fixtures.Org;
import io.countersign.ServerTest;
import io.countersign.attack.Visitor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.camunda.bpm.engine.ManagementService;
import org.camunda.bpm.engine.RuntimeService;
import org.camunda.bpm.engine.runtime.Incident;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Makes provisioning fail by a file that stands where the organization's directory should be. */
class ProvisioningFailureTest extends ServerTest {

    @Autowired
    private RuntimeService runtime;

    @Autowired
    private ManagementService management;

    @Test
    void failed_creation_is_an_incident_and_goes_on_after_an_owners_retry() throws IOException {
        Org org = given.organization();
        block(org);
        Answer created =
                as(org.admin()).post(clusters(org.id()), body("prod-eu")).expect(201);
        approve(as(org.owner()), created.at("/approval_id")).expect(200);

        Answer failed = await(as(org.admin()), org.id(), "prod-eu", "PROVISIONING_FAILED");

        assertThat(failed.at("/status_reason"))
                .contains("Cannot write", "cluster-prod-eu.yaml")
                .doesNotContain(MANIFESTS.toAbsolutePath().getParent().toString());
        assertThat(incidents("prod-eu", org)).hasSize(1);
        as(org.admin()).post(clusters(org.id()) + "/prod-eu/retry", null).expectProblem(403, "missing_permission");
        as(org.admin())
                .patch(clusters(org.id()) + "/prod-eu", Map.of("kubernetes_version", "1.32"))
                .expectProblem(409, "wrong_state");

        unblock(org);
        Answer retried = as(org.owner())
                .post(clusters(org.id()) + "/prod-eu/retry", null)
                .expect(202);

        assertThat(retried.at("/status")).isEqualTo("PROVISIONING");
        Answer running = await(as(org.admin()), org.id(), "prod-eu", "RUNNING");
        assertThat(running.json().get("status_reason").isNull()).isTrue();
        assertThat(incidents("prod-eu", org)).isEmpty();
        assertThat(files(org)).containsExactly("cluster-prod-eu.yaml");
        as(org.owner()).post(clusters(org.id()) + "/prod-eu/retry", null).expectProblem(409, "wrong_state");
    }

    @Test
    void failed_try_is_told_to_whoever_asked_on_every_way_and_nothing_after_it_succeeds() throws IOException {
        Org org = given.organization();
        block(org);
        Answer created =
                as(org.admin()).post(clusters(org.id()), body("prod-eu")).expect(201);
        String approval = created.at("/approval_id");
        approve(as(org.owner()), approval).expect(200);
        await(as(org.admin()), org.id(), "prod-eu", "PROVISIONING_FAILED");
        Visitor visitor = new Visitor(server());
        visitor.signIn(org.admin());

        for (String path :
                List.of(clusters(org.id()) + "/prod-eu", "/api/v1/approvals/" + approval, clusters(org.id()))) {
            JsonNode answer = as(org.admin()).get(path).expect(200).json();
            JsonNode failed = answer.has("items") ? answer.at("/items/0") : answer;
            assertThat(failed.get("attempt").asInt()).isEqualTo(3);
            assertThat(failed.get("attempts").asInt()).isEqualTo(3);
            assertThat(failed.get("failure").asText()).startsWith("Cannot write Cluster " + org.id() + "/prod-eu ");
            assertThat(failed.get("next_attempt_at").isNull()).isTrue();
        }
        for (String page : List.of("/orgs/" + org.id() + "/infrastructure", "/approvals/" + approval, "/approvals")) {
            assertThat(visitor.get(page).expect(200).text().replaceAll("<[^>]*>", ""))
                    .containsIgnoringCase("attempt 3 of 3 failed")
                    .contains("Cannot write Cluster");
        }

        unblock(org);
        as(org.owner()).post(clusters(org.id()) + "/prod-eu/retry", null).expect(202);

        Answer running = await(as(org.admin()), org.id(), "prod-eu", "RUNNING");
        assertThat(running.json().get("attempt").isNull()).isTrue();
        assertThat(as(org.admin())
                        .get("/api/v1/approvals/" + approval)
                        .json()
                        .get("failure")
                        .isNull())
                .isTrue();
        assertThat(visitor.get("/approvals/" + approval).text()).doesNotContain("attempt 3 of 3");
        visitor.get("/orgs/" + org.id() + "/clusters/prod-eu").expect(200);
    }

    @Test
    void retry_that_fails_again_is_failed_again() throws IOException {
        Org org = given.organization();
        block(org);
        as(org.owner()).post(clusters(org.id()), body("prod-eu")).expect(201);
        await(as(org.owner()), org.id(), "prod-eu", "PROVISIONING_FAILED");

        as(given.superadmin()).post(clusters(org.id()) + "/prod-eu/retry", null).expect(202);

        await(as(org.owner()), org.id(), "prod-eu", "PROVISIONING_FAILED");
        assertThat(incidents("prod-eu", org)).hasSize(1);
    }

    @Test
    void failed_creation_goes_on_when_an_operator_retries_the_job() throws IOException {
        Org org = given.organization();
        block(org);
        as(org.owner()).post(clusters(org.id()), body("prod-eu")).expect(201);
        await(as(org.owner()), org.id(), "prod-eu", "PROVISIONING_FAILED");
        unblock(org);

        management.setJobRetries(incidents("prod-eu", org).get(0).getConfiguration(), 1);

        await(as(org.owner()), org.id(), "prod-eu", "RUNNING");
        assertThat(incidents("prod-eu", org)).isEmpty();
    }

    @Test
    void failed_creation_goes_on_although_somebody_ended_its_process() throws IOException {
        Org org = given.organization();
        block(org);
        as(org.owner()).post(clusters(org.id()), body("prod-eu")).expect(201);
        Answer failed = await(as(org.owner()), org.id(), "prod-eu", "PROVISIONING_FAILED");
        runtime.deleteProcessInstance(failed.at("/process_instance_id"), "by hand");
        unblock(org);

        as(org.owner()).post(clusters(org.id()) + "/prod-eu/retry", null).expect(202);

        await(as(org.owner()), org.id(), "prod-eu", "RUNNING");
    }

    @Test
    void failed_creation_can_be_given_up() throws IOException {
        Org org = given.organization();
        block(org);
        as(org.owner()).post(clusters(org.id()), body("prod-eu")).expect(201);
        await(as(org.owner()), org.id(), "prod-eu", "PROVISIONING_FAILED");
        unblock(org);

        Answer deleting =
                as(org.admin()).delete(clusters(org.id()) + "/prod-eu").expect(202);

        assertThat(deleting.at("/status")).isEqualTo("DELETING");
        await(as(org.owner()), org.id(), "prod-eu", "DELETED");
        assertThat(incidents("prod-eu", org)).isEmpty();
        assertThat(files(org)).isEmpty();
    }

    @Test
    void failed_update_goes_on_as_an_update() throws IOException {
        Org org = given.organization();
        as(org.owner()).post(clusters(org.id()), body("prod-eu")).expect(201);
        await(as(org.owner()), org.id(), "prod-eu", "RUNNING");
        Path directory = MANIFESTS.resolve(org.id());
        Path aside = MANIFESTS.resolve(org.id() + "-aside");
        Files.move(directory, aside);
        block(org);
        as(org.owner())
                .patch(clusters(org.id()) + "/prod-eu", Map.of("kubernetes_version", "1.32"))
                .expect(202);
        await(as(org.owner()), org.id(), "prod-eu", "PROVISIONING_FAILED");
        unblock(org);
        Files.move(aside, directory);

        Answer retried = as(org.owner())
                .post(clusters(org.id()) + "/prod-eu/retry", null)
                .expect(202);

        assertThat(retried.at("/status")).isEqualTo("UPDATING");
        await(as(org.owner()), org.id(), "prod-eu", "RUNNING");
        assertThat(directory.resolve("cluster-prod-eu.yaml")).content().contains("v1.32.0");
    }

    @Test
    void failed_update_can_be_corrected_but_a_failed_creation_stays_as_it_was_approved() throws IOException {
        Org org = given.organization();
        as(org.owner()).post(clusters(org.id()), body("prod-eu")).expect(201);
        await(as(org.owner()), org.id(), "prod-eu", "RUNNING");
        Path directory = MANIFESTS.resolve(org.id());
        Path aside = MANIFESTS.resolve(org.id() + "-aside");
        Files.move(directory, aside);
        block(org);
        as(org.owner())
                .patch(clusters(org.id()) + "/prod-eu", Map.of("kubernetes_version", "1.32"))
                .expect(202);
        await(as(org.owner()), org.id(), "prod-eu", "PROVISIONING_FAILED");
        unblock(org);
        Files.move(aside, directory);

        Answer corrected = as(org.owner())
                .patch(clusters(org.id()) + "/prod-eu", Map.of("kubernetes_version", "1.33"))
                .expect(202);

        assertThat(corrected.at("/status")).isEqualTo("UPDATING");
        await(as(org.owner()), org.id(), "prod-eu", "RUNNING");
        assertThat(directory.resolve("cluster-prod-eu.yaml")).content().contains("v1.33.0");
        assertThat(incidents("prod-eu", org)).isEmpty();
    }

    private static void block(Org org) throws IOException {
        Files.createDirectories(MANIFESTS);
        Files.writeString(MANIFESTS.resolve(org.id()), "in the way");
    }

    private static void unblock(Org org) throws IOException {
        Files.delete(MANIFESTS.resolve(org.id()));
    }

    private static List<String> files(Org org) throws IOException {
        Path directory = MANIFESTS.resolve(org.id());
        if (!Files.exists(directory)) {
            return List.of();
        }
        try (var files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private List<Incident> incidents(String name, Org org) {
        String process = as(org.owner()).get(clusters(org.id()) + "/" + name).at("/process_instance_id");
        return Stream.of(
                        runtime.createProcessInstanceQuery().processInstanceId(process),
                        runtime.createProcessInstanceQuery().superProcessInstanceId(process))
                .flatMap(query -> query.list().stream())
                .flatMap(instance -> runtime.createIncidentQuery().processInstanceId(instance.getId()).list().stream())
                .filter(incident -> incident.getConfiguration() != null)
                .toList();
    }
}
