package io.countersign.cluster;

import io.countersign.approval.kind.Topic;
import io.countersign.change.Outcome;
import io.countersign.change.Outcome.Link;
import io.countersign.identity.Scope;
import io.countersign.notification.Message.Fact;
import java.util.List;
import java.util.Optional;

/** The news of a cluster change that ended, for the requesters of the change and of the cluster and for the owners. */
final class ClusterNews {

    private ClusterNews() {}

    /** A change is done. */
    static Outcome finished(ClusterRecord row) {
        String name = row.cluster().name();
        return switch (row.change()) {
            case CREATE -> of(row, "Cluster " + name + " is running", "The new cluster " + name + " is ready.");
            case UPDATE ->
                of(row, "Cluster " + name + " is updated", "The change of cluster " + name + " is complete.");
            case DELETE -> of(row, "Cluster " + name + " is deleted", "Cluster " + name + " is gone.");
        };
    }

    /** A change failed permanently. */
    static Outcome failed(ClusterRecord row) {
        String name = row.cluster().name();
        String what = switch (row.change()) {
            case CREATE -> "Provisioning cluster " + name;
            case UPDATE -> "Updating cluster " + name;
            case DELETE -> "Deleting cluster " + name;
        };
        return of(row, what + " failed", what + " failed. An owner can retry it once the cause is fixed.");
    }

    private static Outcome of(ClusterRecord row, String subject, String headline) {
        Cluster cluster = row.cluster();
        ClusterSpec spec = cluster.spec();
        return new Outcome(
                "cluster:" + cluster.id() + ":" + row.version(),
                Topic.CLUSTER_PIPELINE,
                Scope.organization(cluster.organization()),
                person -> person.equals(row.changedBy()) || person.equals(cluster.requestedBy()),
                subject,
                headline,
                List.of(
                        new Fact("Cluster", cluster.name()),
                        new Fact("Organization", cluster.organization()),
                        new Fact("Status", cluster.status().name()),
                        new Fact("Provider", spec.provider() + ", " + spec.region()),
                        new Fact("Kubernetes", spec.kubernetesVersion()),
                        new Fact("Requested by", row.changedBy().value())),
                Optional.ofNullable(cluster.statusReason()),
                new Link("Open the cluster", "/orgs/" + cluster.organization() + "/clusters/" + cluster.name()));
    }
}
