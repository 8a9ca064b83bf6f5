package io.countersign.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.countersign.Fixtures.Org;
import io.countersign.ServerTest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Freeze windows of an organization: provisioning waits. */
class ClusterFreezeTest extends ServerTest {

    @Test
    void provisioning_waits_until_the_window_is_lifted() {
        Org org = given.organization();
        String freeze = as(org.admin())
                .post(
                        "/api/v1/orgs/" + org.id() + "/freezes",
                        Map.of("ends_at", Instant.now().plus(Duration.ofDays(1)).toString(), "reason", "Quarter end"))
                .expect(201)
                .at("/id");
        as(org.owner())
                .post(
                        "/api/v1/orgs/" + org.id() + "/clusters",
                        Map.of(
                                "name",
                                "prod-eu",
                                "provider",
                                "aws",
                                "region",
                                "eu-west-1",
                                "kubernetes_version",
                                "1.31",
                                "node_groups",
                                List.of(Map.of(
                                        "name",
                                        "workers",
                                        "min_nodes",
                                        1,
                                        "max_nodes",
                                        3,
                                        "machine_types",
                                        List.of("t3.large")))))
                .expect(201);
        String cluster = "/api/v1/orgs/" + org.id() + "/clusters/prod-eu";
        await().until(() -> as(org.viewer()).get(cluster).text().contains("Waiting: frozen until"));
        assertThat(as(org.viewer()).get(cluster).expect(200).at("/status")).isEqualTo("PROVISIONING");

        as(org.owner())
                .delete("/api/v1/orgs/" + org.id() + "/freezes/" + freeze + "?reason=urgent")
                .expect(200);

        await().until(() -> as(org.viewer()).get(cluster).at("/status").equals("RUNNING"));
    }
}
