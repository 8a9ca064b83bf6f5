package io.countersign.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.Client;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/** What tests of clusters send and wait for. */
public final class ClusterFixtures {

    private ClusterFixtures() {}

    /** @return the path of an organization's clusters */
    public static String clusters(String org) {
        return "/api/v1/orgs/" + org + "/clusters";
    }

    /** @return a request that keeps all rules, to be changed by the caller */
    public static Map<String, Object> body(String name) {
        Map<String, Object> body = new HashMap<>();
        body.put("name", name);
        body.put("provider", "aws");
        body.put("region", "eu-west-1");
        body.put("kubernetes_version", "1.31");
        body.put("node_groups", List.of(nodeGroup("workers")));
        return body;
    }

    /** @return a node group that keeps all rules, to be changed by the caller */
    public static Map<String, Object> nodeGroup(String name) {
        Map<String, Object> group = new HashMap<>();
        group.put("name", name);
        group.put("min_nodes", 1);
        group.put("max_nodes", 3);
        group.put("machine_types", List.of("t3.large"));
        return group;
    }

    /** Waits until a cluster has a status. */
    public static Client.Answer await(Client client, String org, String name, String status) {
        return Awaitility.await("cluster " + name + " is " + status)
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(100))
                .until(
                        () -> client.get(clusters(org) + "/" + name).expect(200),
                        answer -> answer.at("/status").equals(status));
    }

    /** Approves a cluster's creation, as whoever the client is. */
    public static Client.Answer approve(Client client, String approval) {
        return client.post(stage(client, approval) + "/approve", Map.of("comment", "fine"));
    }

    /** Rejects a cluster's creation, as whoever the client is. */
    public static Client.Answer reject(Client client, String approval, String comment) {
        return client.post(stage(client, approval) + "/reject", Map.of("comment", comment));
    }

    private static String stage(Client client, String approval) {
        String path = "/api/v1/approvals/" + approval;
        Client.Answer shown = client.get(path).expect(200);
        assertThat(shown.json().get("stages")).hasSize(1);
        return path + "/stages/" + shown.at("/stages/0/id");
    }
}
