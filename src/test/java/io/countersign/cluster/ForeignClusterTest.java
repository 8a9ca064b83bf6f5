package io.countersign.cluster;

import static io.countersign.cluster.ClusterFixtures.approve;
import static io.countersign.cluster.ClusterFixtures.await;
import static io.countersign.cluster.ClusterFixtures.body;
import static io.countersign.cluster.ClusterFixtures.clusters;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.Client;
import io.countersign.Fixtures.Org;
import io.countersign.ServerTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A cluster that others made by hand is theirs until an approved request adopts it. */
class ForeignClusterTest extends ServerTest {

    private static final String BY_HAND = "kind: Cluster\nmetadata: {name: prod-eu, labels: {team: legacy}}\n";

    private Org org;

    @BeforeEach
    void organization() {
        org = given.organization();
    }

    @Test
    void request_named_like_a_cluster_of_others_is_refused_at_once() throws IOException {
        Path file = existing();

        assertThat(as(org.owner())
                        .post(clusters(org.id()), body("prod-eu"))
                        .expectProblem(409, "exists_already")
                        .at("/detail"))
                .contains("Cluster " + org.id() + "/prod-eu exists already and is not Countersign's for organization");
        assertThat(file).hasContent(BY_HAND);
        as(org.owner()).get(clusters(org.id()) + "/prod-eu").expectProblem(404, "not_found");
    }

    @Test
    void cluster_that_others_made_since_is_shown_to_owners_and_not_touched() throws IOException {
        String approval = as(org.admin())
                .post(clusters(org.id()), body("prod-eu"))
                .expect(201)
                .at("/approval_id");
        Path file = existing();

        assertThat(preview(approval).at("/refused/code").asText()).isEqualTo("exists_already");
        approve(as(org.owner()), approval).expect(200);
        assertThat(await(as(org.owner()), org.id(), "prod-eu", "PROVISIONING_FAILED")
                        .at("/status_reason"))
                .contains("exists already and is not Countersign's");
        assertThat(file).hasContent(BY_HAND);
    }

    @Test
    void adoption_is_part_of_what_is_approved_and_takes_the_cluster_over() throws IOException {
        Path file = existing();
        String approval =
                as(org.admin()).post(clusters(org.id()), adopting()).expect(201).at("/approval_id");

        assertThat(as(org.owner()).get("/api/v1/approvals/" + approval).at("/content/adopt"))
                .isEqualTo("true");
        assertThat(preview(approval).get("taken_from").asText()).isEqualTo("it does not say whose it is");
        approve(as(org.owner()), approval).expect(200);
        await(as(org.owner()), org.id(), "prod-eu", "RUNNING");
        assertThat(file).content().contains("countersign.io/organization: \"" + org.id() + "\"");

        as(org.owner()).delete(clusters(org.id()) + "/prod-eu").expect(202);
        await(as(org.owner()), org.id(), "prod-eu", "DELETED");
        assertThat(file).doesNotExist();
    }

    @Test
    void later_update_takes_nothing_over_that_became_somebody_elses() throws IOException {
        existing();
        as(org.owner()).post(clusters(org.id()), adopting()).expect(201);
        await(as(org.owner()), org.id(), "prod-eu", "RUNNING");
        Path file = existing();

        as(org.owner())
                .patch(clusters(org.id()) + "/prod-eu", Map.of("kubernetes_version", "1.32"))
                .expect(202);

        assertThat(await(as(org.owner()), org.id(), "prod-eu", "PROVISIONING_FAILED")
                        .at("/status_reason"))
                .contains("exists already");
        assertThat(file).hasContent(BY_HAND);
    }

    @Test
    void adoption_of_what_is_nobody_elses_is_refused() {
        assertThat(as(org.owner())
                        .post(clusters(org.id()), adopting())
                        .expectProblem(422, "invalid_input")
                        .at("/errors/0/field"))
                .isEqualTo("adopt");
    }

    @Test
    void repeated_request_is_answered_alike_once_it_took_the_cluster_over() throws IOException {
        existing();
        Client owner = as(org.owner());
        String first = owner.send("POST", clusters(org.id()), adopting(), "Idempotency-Key", "once")
                .expect(201)
                .at("/id");
        await(owner, org.id(), "prod-eu", "RUNNING");

        assertThat(owner.send("POST", clusters(org.id()), adopting(), "Idempotency-Key", "once")
                        .expect(201)
                        .at("/id"))
                .isEqualTo(first);
    }

    @Test
    void adoption_is_for_new_clusters() {
        as(org.owner()).post(clusters(org.id()), body("prod-eu")).expect(201);
        await(as(org.owner()), org.id(), "prod-eu", "RUNNING");

        assertThat(as(org.owner())
                        .patch(clusters(org.id()) + "/prod-eu", Map.of("adopt", true))
                        .expectProblem(422, "invalid_input")
                        .at("/errors/0/field"))
                .isEqualTo("adopt");
    }

    private static Map<String, Object> adopting() {
        Map<String, Object> body = body("prod-eu");
        body.put("adopt", true);
        return body;
    }

    private JsonNode preview(String approval) {
        JsonNode objects = as(org.owner())
                .get("/api/v1/approvals/" + approval + "/preview")
                .expect(200)
                .json()
                .get("objects");
        assertThat(objects).hasSize(1);
        return objects.get(0);
    }

    private Path existing() throws IOException {
        Path file = MANIFESTS.resolve(org.id()).resolve("cluster-prod-eu.yaml");
        Files.createDirectories(file.getParent());
        return Files.writeString(file, BY_HAND);
    }
}
