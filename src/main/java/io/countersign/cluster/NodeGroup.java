package io.countersign.cluster;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Machines of a cluster that are alike.
 *
 * @param name unique in the cluster
 * @param minNodes how many machines there are at least
 * @param maxNodes how many there are at most
 * @param machineTypes the provider's names of acceptable machines, the preferred first
 * @param labels what each node is labelled with; empty if null was given
 */
public record NodeGroup(
        String name, int minNodes, int maxNodes, List<String> machineTypes, Map<String, String> labels) {

    /** Copies the collections; what is in them is for {@link ClusterRules} to judge. */
    public NodeGroup {
        machineTypes = machineTypes == null ? List.of() : Collections.unmodifiableList(new ArrayList<>(machineTypes));
        labels = labels == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(labels));
    }
}
