package io.countersign.cluster;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * The content of an approval of a new cluster, in the field names of the REST body. Exactly this is shown, decided and
 * carried out.
 */
public record ClusterRequest(
        String organization,
        String name,
        String provider,
        String region,
        String kubernetesVersion,
        List<NodeGroup> nodeGroups,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean adopt) {

    /** @return the request for a cluster with that organization and name */
    public static ClusterRequest of(String organization, String name, ClusterSpec spec) {
        return new ClusterRequest(
                organization,
                name,
                spec.provider(),
                spec.region(),
                spec.kubernetesVersion(),
                spec.nodeGroups(),
                spec.adopt());
    }

    /** @return the present or last request for a cluster */
    static ClusterRequest of(ClusterRecord row) {
        Cluster cluster = row.asked();
        return of(cluster.organization(), cluster.name(), cluster.spec());
    }
}
