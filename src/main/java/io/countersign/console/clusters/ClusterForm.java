package io.countersign.console.clusters;

import io.countersign.api.problem.InvalidInput;
import io.countersign.api.validation.Validation;
import io.countersign.cluster.Cluster;
import io.countersign.cluster.ClusterSpec;
import io.countersign.cluster.NodeGroup;
import io.countersign.console.layout.FormRows;
import io.countersign.console.layout.FormText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** The cluster form as typed. */
record ClusterForm(
        String name, String provider, String region, String kubernetesVersion, Boolean adopt, List<Group> nodeGroups) {

    static final ClusterForm EMPTY =
            new ClusterForm("", "aws", "", "", false, List.of(new Group("workers", "1", "3", "", "")));

    ClusterForm {
        nodeGroups = nodeGroups == null
                ? List.of()
                : nodeGroups.stream().filter(Objects::nonNull).toList();
    }

    /** One row of the form. */
    record Group(String name, String minNodes, String maxNodes, String machineTypes, String labels) {

        static Group of(NodeGroup group) {
            return new Group(
                    group.name(),
                    Integer.toString(group.minNodes()),
                    Integer.toString(group.maxNodes()),
                    String.join(", ", group.machineTypes()),
                    group.labels().entrySet().stream()
                            .map(label -> label.getKey() + "=" + label.getValue())
                            .collect(Collectors.joining(", ")));
        }

        NodeGroup read(String path, Validation validation) {
            return new NodeGroup(
                    FormText.text(name).strip(),
                    number(minNodes, path + ".min_nodes", validation),
                    number(maxNodes, path + ".max_nodes", validation),
                    FormText.words(machineTypes),
                    labels(path + ".labels", validation));
        }

        private static int number(String text, String path, Validation validation) {
            validation.check(FormText.given(text).isPresent(), path, "must be a whole number");
            return FormText.number(validation, path, text).orElse(0);
        }

        private Map<String, String> labels(String path, Validation validation) {
            Map<String, String> read = new LinkedHashMap<>();
            for (String label : FormText.words(labels)) {
                int equals = label.indexOf('=');
                if (validation.check(equals > 0, path, "must have the form key=value")) {
                    read.put(label.substring(0, equals), label.substring(equals + 1));
                }
            }
            return read;
        }
    }

    static ClusterForm of(Cluster cluster) {
        ClusterSpec spec = cluster.spec();
        return new ClusterForm(
                cluster.name(),
                spec.provider(),
                spec.region(),
                spec.kubernetesVersion(),
                false,
                spec.nodeGroups().stream().map(Group::of).toList());
    }

    /** @param change the {@link FormRows} change to the node groups */
    ClusterForm changed(String change) {
        return new ClusterForm(
                name,
                provider,
                region,
                kubernetesVersion,
                adopt,
                FormRows.changed(nodeGroups, change, new Group("", "1", "3", "", "")));
    }

    /**
     * @return the requested cluster; its own rules are checked where the request is made
     * @throws InvalidInput if a number is malformed or a label has no value
     */
    ClusterSpec spec() {
        Validation validation = new Validation();
        List<NodeGroup> groups = new ArrayList<>();
        for (Group group : nodeGroups) {
            groups.add(group.read("node_groups[" + groups.size() + "]", validation));
        }
        validation.done();
        ClusterSpec spec = new ClusterSpec(
                FormText.text(provider).strip(),
                FormText.text(region).strip(),
                FormText.text(kubernetesVersion).strip(),
                groups);
        return Boolean.TRUE.equals(adopt) ? spec.adopting() : spec;
    }
}
