package io.countersign.cluster;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A group of identical machines in a cluster.
 *
 * @param name unique in the cluster
 * @param minNodes the minimum number of machines
 * @param maxNodes the maximum number of machines
 * @param machineTypes the provider's names of acceptable machine types, most preferred first
 * @param labels the labels of each node; empty if null was given
 */
public record NodeGroup(
        String name, int minNodes, int maxNodes, List<String> machineTypes, Map<String, String> labels) {

    /** Copies the collections; {@link ClusterRules} validates their content. */
    public NodeGroup {
        machineTypes = machineTypes == null ? List.of() : Collections.unmodifiableList(new ArrayList<>(machineTypes));
        labels = labels == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(labels));
    }
}
