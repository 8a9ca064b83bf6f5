package io.countersign.console.clusters;

import io.countersign.api.validation.Validation;
import io.countersign.cluster.Cluster;
import io.countersign.cluster.ClusterSpec;
import io.countersign.cluster.NodeGroup;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What the cluster form holds: texts as they were typed, so that nothing is lost when something is wrong with them. */
public class ClusterForm {

    /** One row of the form. */
    public static class Group {

        private String name = "";
        private String minNodes = "1";
        private String maxNodes = "3";
        private String machineTypes = "";
        private String labels = "";

        public String getName() {
            return name;
        }

        public void setName(String name) {
            this.name = name;
        }

        public String getMinNodes() {
            return minNodes;
        }

        public void setMinNodes(String minNodes) {
            this.minNodes = minNodes;
        }

        public String getMaxNodes() {
            return maxNodes;
        }

        public void setMaxNodes(String maxNodes) {
            this.maxNodes = maxNodes;
        }

        public String getMachineTypes() {
            return machineTypes;
        }

        public void setMachineTypes(String machineTypes) {
            this.machineTypes = machineTypes;
        }

        public String getLabels() {
            return labels;
        }

        public void setLabels(String labels) {
            this.labels = labels;
        }
    }

    private String name = "";
    private String provider = "aws";
    private String region = "";
    private String kubernetesVersion = "";
    private boolean adopt;
    private List<Group> nodeGroups = new ArrayList<>();

    static ClusterForm empty() {
        ClusterForm form = new ClusterForm();
        Group group = new Group();
        group.setName("workers");
        form.nodeGroups.add(group);
        return form;
    }

    static ClusterForm of(Cluster cluster) {
        ClusterForm form = new ClusterForm();
        form.name = cluster.name();
        form.provider = cluster.spec().provider();
        form.region = cluster.spec().region();
        form.kubernetesVersion = cluster.spec().kubernetesVersion();
        for (NodeGroup nodeGroup : cluster.spec().nodeGroups()) {
            Group group = new Group();
            group.setName(nodeGroup.name());
            group.setMinNodes(Integer.toString(nodeGroup.minNodes()));
            group.setMaxNodes(Integer.toString(nodeGroup.maxNodes()));
            group.setMachineTypes(String.join(", ", nodeGroup.machineTypes()));
            group.setLabels(nodeGroup.labels().entrySet().stream()
                    .map(label -> label.getKey() + "=" + label.getValue())
                    .collect(Collectors.joining(", ")));
            form.nodeGroups.add(group);
        }
        return form;
    }

    void addGroup() {
        nodeGroups.add(new Group());
    }

    void removeGroup(int index) {
        if (index >= 0 && index < nodeGroups.size()) {
            nodeGroups.remove(index);
        }
    }

    /**
     * @return what is asked for; its own rules are checked where the request is made
     * @throws io.countersign.api.problem.InvalidInput if a number is none or a label has no value
     */
    ClusterSpec spec() {
        Validation validation = new Validation();
        List<NodeGroup> groups = new ArrayList<>();
        for (int i = 0; i < nodeGroups.size(); i++) {
            Group group = nodeGroups.get(i);
            String path = "node_groups[" + i + "]";
            groups.add(new NodeGroup(
                    group.name.strip(),
                    number(group.minNodes, path + ".min_nodes", validation),
                    number(group.maxNodes, path + ".max_nodes", validation),
                    Arrays.stream(group.machineTypes.split("[,\\s]+"))
                            .filter(type -> !type.isEmpty())
                            .toList(),
                    labels(group.labels, path + ".labels", validation)));
        }
        validation.done();
        ClusterSpec spec = new ClusterSpec(provider.strip(), region.strip(), kubernetesVersion.strip(), groups);
        return adopt ? spec.adopting() : spec;
    }

    private static int number(String text, String path, Validation validation) {
        boolean number = validation.check(text.strip().matches("\\d{1,6}"), path, "must be a whole number");
        return number ? Integer.parseInt(text.strip()) : 0;
    }

    private static Map<String, String> labels(String text, String path, Validation validation) {
        Map<String, String> labels = new LinkedHashMap<>();
        for (String label : text.split("[,\\s]+")) {
            int equals = label.indexOf('=');
            if (!label.isEmpty() && validation.check(equals > 0, path, "must have the form key=value")) {
                labels.put(label.substring(0, equals), label.substring(equals + 1));
            }
        }
        return labels;
    }

    public String getName() {
        return name;
    }

    public void setName(String name) {
        this.name = name;
    }

    public String getProvider() {
        return provider;
    }

    public void setProvider(String provider) {
        this.provider = provider;
    }

    public String getRegion() {
        return region;
    }

    public void setRegion(String region) {
        this.region = region;
    }

    public String getKubernetesVersion() {
        return kubernetesVersion;
    }

    public void setKubernetesVersion(String kubernetesVersion) {
        this.kubernetesVersion = kubernetesVersion;
    }

    public boolean isAdopt() {
        return adopt;
    }

    public void setAdopt(boolean adopt) {
        this.adopt = adopt;
    }

    public List<Group> getNodeGroups() {
        return nodeGroups;
    }

    public void setNodeGroups(List<Group> nodeGroups) {
        this.nodeGroups = nodeGroups;
    }
}
