package io.countersign.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.list;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestTest {

    static final String MANIFEST = """
            apiVersion: platform.astropulse.io/v1
            kind: K8sCluster
            spec:
              clusterName: prod-eu
              provider: aws
              region: eu-west-1
              provisioner:
                type: selfHosted
              clusterSpec:
                kubernetesVersion: 1.30
                dataPlane:
                  nodeGroups:
                    - name: workers
                      minNode: 1
                      maxNode: 3
                      machineTypes:
                        - t3.large
                        - t3.xlarge
                      labels:
                        tier: web
                        on: "yes"
            """;

    @Test
    void the_references_manifest_is_read_as_it_is() throws Exception {
        Manifest manifest = Manifest.parse("prod.yaml", MANIFEST);

        assertThat(manifest.creation()).isEqualTo(Json.read("""
                                {"name": "prod-eu", "provider": "aws", "region": "eu-west-1", "kubernetes_version": "1.30",
                                 "node_groups": [{"name": "workers", "min_nodes": 1, "max_nodes": 3,
                                                  "machine_types": ["t3.large", "t3.xlarge"],
                                                  "labels": {"tier": "web", "on": "yes"}}]}""".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void version_keeps_the_zero_that_yaml_would_drop_from_a_number() {
        assertThat(Manifest.parse("prod.yaml", MANIFEST).kubernetesVersion()).contains("1.30");
    }

    @Test
    void new_cluster_gets_the_default_version_and_a_change_keeps_the_present_one() {
        Manifest manifest = Manifest.parse("prod.yaml", MANIFEST.replace("    kubernetesVersion: 1.30\n", ""));

        assertThat(manifest.creation().path("kubernetes_version").asText()).isEqualTo("1.31");
        assertThat(manifest.change().has("kubernetes_version")).isFalse();
        assertThat(manifest.change().has("name")).isFalse();
    }

    @Test
    void provisioner_and_labels_may_be_missing() {
        String manifest = MANIFEST.substring(0, MANIFEST.indexOf("          labels:"))
                .replace("  provisioner:\n    type: selfHosted\n", "");

        assertThat(Manifest.parse("prod.yaml", manifest).nodeGroups().get(0).labels())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    kind: K8sCluster    | kind: Pod           | line 2: kind must be K8sCluster
                    /v1                 | /v2                 | line 1: apiVersion must be platform.astropulse.io/v1
                    clusterName: prod-eu | name: prod-eu      | line 4: spec.clusterName is required
                    clusterName: prod-eu | name: prod-eu      | line 4: spec.name is not a known field
                    type: selfHosted    | kind: selfHosted    | line 8: spec.provisioner.kind is not a known field
                    minNode: 1          | minNode: one        | line 14: spec.clusterSpec.dataPlane.nodeGroups[0].minNode must be a whole number
                    maxNode: 3          | maxNodes: 3         | line 15: spec.clusterSpec.dataPlane.nodeGroups[0].maxNodes is not a known field
                    minNode: 1          | minNode:            | line 13: spec.clusterSpec.dataPlane.nodeGroups[0].minNode is required
                    region: eu-west-1   | region: [a]         | line 6: spec.region must be a single value
                    region: eu-west-1   | provider: gcp       | line 6: spec.provider is given twice
                    tier: web           | tier: {a: b}        | line 20: spec.clusterSpec.dataPlane.nodeGroups[0].labels.tier must be a single value
                    """)
    void each_fault_is_told_with_its_path_and_line(String original, String changed, String fault) {
        assertThatThrownBy(
                        () -> Manifest.parse("prod.yaml", MANIFEST.replace(original, changed == null ? "" : changed)))
                .asInstanceOf(type(Failure.class))
                .extracting(Failure::details)
                .asInstanceOf(list(String.class))
                .contains(fault);
    }

    @Test
    void all_faults_are_told_at_once_in_the_order_of_their_lines() {
        String manifest = MANIFEST.replace("minNode: 1", "minNode: one")
                .replace("maxNode: 3", "maxNode: three")
                .replace("region:", "regoin:");

        assertThatThrownBy(() -> Manifest.parse("prod.yaml", manifest))
                .hasMessage("prod.yaml is not a valid cluster manifest")
                .asInstanceOf(type(Failure.class))
                .satisfies(failure -> assertThat(failure.details())
                        .isEqualTo(List.of(
                                "line 4: spec.region is required",
                                "line 6: spec.regoin is not a known field",
                                "line 14: spec.clusterSpec.dataPlane.nodeGroups[0].minNode must be a whole number",
                                "line 15: spec.clusterSpec.dataPlane.nodeGroups[0].maxNode must be a whole number")));
    }

    @Test
    void missing_part_is_one_fault_and_not_one_for_each_field_in_it() {
        assertThatThrownBy(() -> Manifest.parse("x", "apiVersion: platform.astropulse.io/v1\nkind: K8sCluster\n"))
                .asInstanceOf(type(Failure.class))
                .satisfies(failure -> assertThat(failure.details()).isEqualTo(List.of("line 1: spec is required")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "# nothing\n", "a: b: c", "[", "--- {}\n--- {}\n", "a: !!java.net.URL [x]\n\tb: c", "text"})
    void what_is_no_manifest_is_refused(String text) {
        assertThatThrownBy(() -> Manifest.parse("x", text)).isInstanceOf(Failure.class);
    }
}
