package io.countersign.cluster;

import io.countersign.api.problem.InvalidInput;
import io.countersign.api.validation.Validation;
import io.countersign.identity.Names;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The validation rules of clusters, field by field, under the field names of the REST body. */
final class ClusterRules {

    private static final List<String> PROVIDERS = List.of("aws", "gcp", "azure");
    private static final Pattern REGION = Pattern.compile("[a-z][a-z0-9-]{0,61}[a-z0-9]");
    private static final Pattern VERSION =
            Pattern.compile("1\\.(?<minor>0|[1-9][0-9]{0,2})(\\.(?<patch>0|[1-9][0-9]{0,2}))?");
    private static final Pattern MACHINE_TYPE = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?");
    private static final Pattern LABEL_NAME = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?");
    private static final Pattern LABEL_PREFIX =
            Pattern.compile("(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*");

    private static final int MAX_NODES = 1000;
    private static final int MAX_NODE_GROUPS = 50;
    private static final int MAX_MACHINE_TYPES = 20;
    private static final int MAX_LABELS = 50;

    private ClusterRules() {}

    /**
     * Validates a request for a new cluster.
     *
     * @throws InvalidInput naming every invalid field
     */
    static void checkNew(String name, ClusterSpec spec) {
        Validation validation = new Validation();
        validation.check(Names.isDnsLabel(name), "name", Names.DNS_LABEL_RULE);
        checkSpec(validation, spec);
        validation.done();
    }

    /**
     * Validates a change of a cluster.
     *
     * @param current the present specification
     * @param next the requested specification
     * @throws InvalidInput naming every invalid field
     */
    static void checkUpdate(ClusterSpec current, ClusterSpec next) {
        Validation validation = new Validation();
        validation.check(next.provider().equals(current.provider()), "provider", "cannot be changed");
        validation.check(next.region().equals(current.region()), "region", "cannot be changed");
        if (checkSpec(validation, next)) {
            validation.check(
                    compareVersions(next.kubernetesVersion(), current.kubernetesVersion()) >= 0,
                    "kubernetes_version",
                    "must not be lower than the present " + current.kubernetesVersion());
        }
        validation.done();
    }

    /** @return whether the Kubernetes version is well-formed */
    private static boolean checkSpec(Validation validation, ClusterSpec spec) {
        validation.check(
                spec.provider() != null && PROVIDERS.contains(spec.provider()),
                "provider",
                "must be one of " + String.join(", ", PROVIDERS));
        validation.check(
                matches(REGION, spec.region()),
                "region",
                "must be 2 to 63 lower-case letters, digits or dashes, starting with a letter");
        boolean version = validation.check(
                matches(VERSION, spec.kubernetesVersion()),
                "kubernetes_version",
                "must be a Kubernetes version such as 1.31 or 1.31.4");
        List<NodeGroup> groups = spec.nodeGroups();
        if (validation.check(
                groups != null && !groups.isEmpty() && groups.size() <= MAX_NODE_GROUPS,
                "node_groups",
                "must have 1 to " + MAX_NODE_GROUPS + " entries")) {
            Set<String> names = new HashSet<>();
            for (int i = 0; i < groups.size(); i++) {
                checkNodeGroup(validation, "node_groups[" + i + "].", groups.get(i), names);
            }
        }
        return version;
    }

    private static void checkNodeGroup(Validation validation, String path, NodeGroup group, Set<String> names) {
        if (validation.check(Names.isDnsLabel(group.name()), path + "name", Names.DNS_LABEL_RULE)) {
            validation.check(names.add(group.name()), path + "name", "must be unique in the cluster");
        }
        boolean min = validation.check(
                group.minNodes() >= 0 && group.minNodes() <= MAX_NODES,
                path + "min_nodes",
                "must be from 0 to " + MAX_NODES);
        boolean max = validation.check(
                group.maxNodes() >= 1 && group.maxNodes() <= MAX_NODES,
                path + "max_nodes",
                "must be from 1 to " + MAX_NODES);
        if (min && max) {
            validation.check(
                    group.minNodes() <= group.maxNodes(), path + "min_nodes", "must not be more than max_nodes");
        }
        List<String> types = group.machineTypes();
        if (validation.check(
                !types.isEmpty() && types.size() <= MAX_MACHINE_TYPES,
                path + "machine_types",
                "must have 1 to " + MAX_MACHINE_TYPES + " entries")) {
            for (int i = 0; i < types.size(); i++) {
                validation.check(
                        matches(MACHINE_TYPE, types.get(i)),
                        path + "machine_types[" + i + "]",
                        "must be 1 to 63 letters, digits, dots, dashes or underscores");
            }
        }
        validation.check(
                group.labels().size() <= MAX_LABELS, path + "labels", "must have at most " + MAX_LABELS + " entries");
        group.labels().forEach((key, value) -> checkLabel(validation, path + "labels", key, value));
    }

    /** Labels follow the rules of Kubernetes ("Labels and Selectors", "Syntax and character set"). */
    private static void checkLabel(Validation validation, String path, String key, String value) {
        int slash = key.indexOf('/');
        boolean prefix = slash < 0 || matches(LABEL_PREFIX, key.substring(0, slash));
        validation.check(
                prefix && matches(LABEL_NAME, key.substring(slash + 1)),
                path + "." + key,
                "must be a label key: an optional DNS prefix and slash, then 1 to 63 letters, digits, dots, dashes or"
                        + " underscores");
        validation.check(
                value != null && (value.isEmpty() || matches(LABEL_NAME, value)),
                path + "." + key,
                "must have a value of at most 63 letters, digits, dots, dashes or underscores");
    }

    private static int compareVersions(String one, String other) {
        return Integer.compare(number(one), number(other));
    }

    /** A version without a patch number means patch 0. */
    private static int number(String version) {
        Matcher matcher = VERSION.matcher(version);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("Not a Kubernetes version: " + version);
        }
        String patch = matcher.group("patch");
        return Integer.parseInt(matcher.group("minor")) * 1000 + (patch == null ? 0 : Integer.parseInt(patch));
    }

    private static boolean matches(Pattern pattern, String text) {
        return text != null && pattern.matcher(text).matches();
    }
}
