package io.countersign.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A cluster as described by its YAML file; docs/cli.md lists the fields.
 *
 * @param clusterName the cluster's name
 * @param provider aws, gcp or azure
 * @param region the provider's region
 * @param kubernetesVersion the desired version, if the file names one
 * @param nodeGroups the groups of worker nodes
 */
record Manifest(
        String clusterName,
        String provider,
        String region,
        Optional<String> kubernetesVersion,
        List<NodeGroup> nodeGroups) {

    /** The version of a new cluster whose manifest names none, because the manifest format makes it optional. */
    static final String DEFAULT_KUBERNETES_VERSION = "1.31";

    private static final String API_VERSION = "platform.astropulse.io/v1";
    private static final String KIND = "K8sCluster";

    /** A group of identical nodes. */
    record NodeGroup(String name, int minNode, int maxNode, List<String> machineTypes, Map<String, String> labels) {}

    /**
     * @param name what to call the source in messages
     * @param yaml the text
     * @throws Failure if it is no valid manifest, listing each fault with its path and line
     */
    static Manifest parse(String name, String yaml) {
        YamlReader document = YamlReader.parse(name, yaml);
        document.constant("apiVersion", API_VERSION);
        document.constant("kind", KIND);
        YamlReader spec = document.object("spec");
        // Manifests name a provisioner, but the server's configuration decides which one is used.
        spec.optionalObject("provisioner").ifPresent(provisioner -> {
            provisioner.optionalText("type");
            provisioner.noMore();
        });
        YamlReader clusterSpec = spec.object("clusterSpec");
        YamlReader dataPlane = clusterSpec.object("dataPlane");
        List<NodeGroup> nodeGroups = dataPlane.objects("nodeGroups").stream()
                .map(Manifest::nodeGroup)
                .toList();
        Manifest manifest = new Manifest(
                spec.text("clusterName"),
                spec.text("provider"),
                spec.text("region"),
                clusterSpec.optionalText("kubernetesVersion"),
                nodeGroups);
        dataPlane.noMore();
        clusterSpec.noMore();
        spec.noMore();
        document.noMore();
        document.done();
        return manifest;
    }

    private static NodeGroup nodeGroup(YamlReader group) {
        NodeGroup nodeGroup = new NodeGroup(
                group.text("name"),
                group.number("minNode"),
                group.number("maxNode"),
                group.texts("machineTypes"),
                group.textMap("labels"));
        group.noMore();
        return nodeGroup;
    }

    /** @return the body of a request for a new cluster */
    ObjectNode creation() {
        ObjectNode body = change();
        body.put("name", clusterName);
        body.put("kubernetes_version", kubernetesVersion.orElse(DEFAULT_KUBERNETES_VERSION));
        return body;
    }

    /** @return the body of a change: all but the name, and the version only if the file names one */
    ObjectNode change() {
        ObjectNode body = Json.object().put("provider", provider).put("region", region);
        kubernetesVersion.ifPresent(version -> body.put("kubernetes_version", version));
        ArrayNode groups = body.putArray("node_groups");
        for (NodeGroup group : nodeGroups) {
            ObjectNode node = groups.addObject()
                    .put("name", group.name())
                    .put("min_nodes", group.minNode())
                    .put("max_nodes", group.maxNode());
            group.machineTypes().forEach(node.putArray("machine_types")::add);
            group.labels().forEach(node.putObject("labels")::put);
        }
        return body;
    }
}
