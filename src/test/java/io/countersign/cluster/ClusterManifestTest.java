package io.countersign.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.countersign.approval.ApprovalId;
import io.countersign.identity.UserId;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ClusterManifestTest {

    /** The custom resource definition of Cluster API v1beta2. */
    private static final Path DEFINITION = Path.of("src/test/resources/crds/clusters.yaml");

    private static final ApprovalId APPROVAL = new ApprovalId(UUID.fromString("00000000-0000-0000-0000-000000000001"));

    private final ClusterManifest manifest = new ClusterManifest(
            new ClusterProperties(Duration.ofSeconds(10), Map.of("gcp", "our-gcp")), scope -> scope.id() + "-bound");

    @Test
    void cluster_is_rendered_with_its_node_groups() {
        Cluster cluster = cluster(new ClusterSpec(
                "aws",
                "eu-west-1",
                "1.31",
                List.of(
                        new NodeGroup("workers", 1, 3, List.of("t3.large"), Map.of()),
                        new NodeGroup("gpu", 0, 8, List.of("p4d.24xlarge", "p3.2xlarge"), Map.of("tier", "gpu")))));

        assertThat(Serialization.asYaml(rendered(cluster))).isEqualTo("""
                        ---
                        apiVersion: "cluster.x-k8s.io/v1beta2"
                        kind: "Cluster"
                        metadata:
                          labels:
                            app.kubernetes.io/managed-by: "countersign"
                            countersign.io/organization: "acme"
                            countersign.io/approval: "00000000-0000-0000-0000-000000000001"
                          name: "prod-eu"
                          namespace: "acme-bound"
                        spec:
                          topology:
                            classRef:
                              name: "countersign-aws"
                            version: "v1.31.0"
                            variables:
                            - name: "region"
                              value: "eu-west-1"
                            workers:
                              machineDeployments:
                              - class: "default-worker"
                                name: "workers"
                                metadata:
                                  annotations:
                                    cluster.x-k8s.io/cluster-api-autoscaler-node-group-max-size: "3"
                                    cluster.x-k8s.io/cluster-api-autoscaler-node-group-min-size: "1"
                                variables:
                                  overrides:
                                  - name: "machineTypes"
                                    value:
                                    - "t3.large"
                              - class: "default-worker"
                                name: "gpu"
                                metadata:
                                  annotations:
                                    cluster.x-k8s.io/cluster-api-autoscaler-node-group-max-size: "8"
                                    cluster.x-k8s.io/cluster-api-autoscaler-node-group-min-size: "0"
                                  labels:
                                    tier: "gpu"
                                variables:
                                  overrides:
                                  - name: "machineTypes"
                                    value:
                                    - "p4d.24xlarge"
                                    - "p3.2xlarge"
                        """);
    }

    @Test
    void version_with_a_patch_and_a_configured_class_are_taken_over() {
        String yaml = Serialization.asYaml(rendered(cluster(new ClusterSpec(
                "gcp", "europe-west1", "1.30.12", List.of(new NodeGroup("a", 1, 1, List.of("n2"), null))))));

        assertThat(yaml).contains("version: \"v1.30.12\"", "name: \"our-gcp\"");
    }

    @Test
    void same_cluster_is_rendered_alike() {
        ClusterSpec spec = new ClusterSpec(
                "azure",
                "westeurope",
                "1.31",
                List.of(new NodeGroup("a", 1, 1, List.of("x"), Map.of("a", "1", "b", "2", "c", "3"))));

        assertThat(Serialization.asYaml(rendered(cluster(spec))))
                .isEqualTo(Serialization.asYaml(rendered(cluster(spec))));
    }

    @Test
    void rendered_cluster_keeps_the_schema_of_cluster_api() throws IOException {
        ObjectMapper json = new ObjectMapper();
        JsonSchema schema = schema(json);
        Cluster cluster = cluster(new ClusterSpec(
                "aws",
                "eu-west-1",
                "1.31.4",
                List.of(new NodeGroup("workers", 0, 1000, List.of("t3.large"), Map.of("example.com/tier", "web")))));
        JsonNode rendered = json.readTree(Serialization.asJson(rendered(cluster)));

        assertThat(schema.validate(rendered)).isEmpty();

        // The schema is one that refuses: a field of another name is found.
        JsonNode broken = json.readTree(rendered.toString().replace("\"classRef\"", "\"class\""));
        assertThat(schema.validate(broken)).isNotEmpty();
    }

    /** Reads the definition's schema; Kubernetes prunes unknown fields, so here they are refused. */
    private static JsonSchema schema(ObjectMapper json) throws IOException {
        JsonNode definition = new YAMLMapper().readTree(DEFINITION.toFile());
        for (JsonNode version : definition.at("/spec/versions")) {
            if (version.get("name").asText().equals("v1beta2")) {
                JsonNode schema = version.at("/schema/openAPIV3Schema");
                refuseUnknownFields(schema);
                return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V4).getSchema(schema);
            }
        }
        throw new AssertionError("No version v1beta2 in " + DEFINITION);
    }

    private static void refuseUnknownFields(JsonNode node) {
        if (node instanceof ObjectNode object
                && object.has("properties")
                && !object.has("additionalProperties")
                && object.get("properties").isObject()) {
            object.put("additionalProperties", false);
            object.get("properties").forEach(ClusterManifestTest::refuseUnknownFields);
        } else {
            node.forEach(ClusterManifestTest::refuseUnknownFields);
        }
    }

    private static Cluster cluster(ClusterSpec spec) {
        return new Cluster(
                UUID.randomUUID(),
                "acme",
                "prod-eu",
                spec,
                ClusterStatus.PROVISIONING,
                null,
                new UserId("acme-admin"),
                Instant.EPOCH,
                Instant.EPOCH,
                APPROVAL,
                null);
    }

    private GenericKubernetesResource rendered(Cluster cluster) {
        return manifest.render(cluster, Optional.empty());
    }
}
