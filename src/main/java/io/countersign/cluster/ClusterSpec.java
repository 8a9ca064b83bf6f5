package io.countersign.cluster;

import java.util.List;

/**
 * What a cluster is to be.
 *
 * @param provider {@code aws}, {@code gcp} or {@code azure}
 * @param region the provider's name of a region
 * @param kubernetesVersion such as {@code 1.31} or {@code 1.31.4}
 * @param nodeGroups at least one
 */
public record ClusterSpec(String provider, String region, String kubernetesVersion, List<NodeGroup> nodeGroups) {

    /** Copies the list. */
    public ClusterSpec {
        nodeGroups = nodeGroups == null ? null : List.copyOf(nodeGroups);
    }

    /**
     * @param change the new values; a field that is null stays as it is
     * @return this, changed
     */
    ClusterSpec with(ClusterSpec change) {
        return new ClusterSpec(
                change.provider() == null ? provider : change.provider(),
                change.region() == null ? region : change.region(),
                change.kubernetesVersion() == null ? kubernetesVersion : change.kubernetesVersion(),
                change.nodeGroups() == null ? nodeGroups : change.nodeGroups());
    }
}
