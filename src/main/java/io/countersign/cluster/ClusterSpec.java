package io.countersign.cluster;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * The specification of a cluster.
 *
 * @param provider {@code aws}, {@code gcp} or {@code azure}
 * @param region the provider's name of a region
 * @param kubernetesVersion such as {@code 1.31} or {@code 1.31.4}
 * @param nodeGroups at least one
 * @param adopt whether to take over an object with its name that belongs to someone else
 */
public record ClusterSpec(
        String provider,
        String region,
        String kubernetesVersion,
        List<NodeGroup> nodeGroups,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean adopt) {

    /** Copies the list. */
    public ClusterSpec {
        nodeGroups = nodeGroups == null ? null : List.copyOf(nodeGroups);
    }

    /** A cluster that takes nothing over. */
    public ClusterSpec(String provider, String region, String kubernetesVersion, List<NodeGroup> nodeGroups) {
        this(provider, region, kubernetesVersion, nodeGroups, false);
    }

    /** @return this, without taking anything over */
    ClusterSpec adoptingNothing() {
        return new ClusterSpec(provider, region, kubernetesVersion, nodeGroups);
    }

    /** @return this, taking over what already exists under its name */
    public ClusterSpec adopting() {
        return new ClusterSpec(provider, region, kubernetesVersion, nodeGroups, true);
    }

    /**
     * @param change the new values; a field that is null stays as it is
     * @return this, changed, no longer taking anything over
     */
    ClusterSpec with(ClusterSpec change) {
        return new ClusterSpec(
                change.provider() == null ? provider : change.provider(),
                change.region() == null ? region : change.region(),
                change.kubernetesVersion() == null ? kubernetesVersion : change.kubernetesVersion(),
                change.nodeGroups() == null ? nodeGroups : change.nodeGroups());
    }
}
