package io.countersign.cluster;

import io.countersign.api.http.BaseUrl;
import io.countersign.approval.kind.Topic;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import io.countersign.identity.membership.Membership;
import io.countersign.identity.membership.Memberships;
import io.countersign.notification.Message;
import io.countersign.notification.Notifications;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.stereotype.Component;

/**
 * Tells the people concerned how a change of a cluster ended: who asked for it, who asked for the cluster, the owners.
 */
@Component
class ClusterNews {

    private final Notifications notifications;
    private final Memberships memberships;
    private final BaseUrl baseUrl;

    ClusterNews(Notifications notifications, Memberships memberships, BaseUrl baseUrl) {
        this.notifications = notifications;
        this.memberships = memberships;
        this.baseUrl = baseUrl;
    }

    /** Tells that a change is done. */
    void finished(ClusterRecord row) {
        String name = row.cluster().name();
        switch (row.change()) {
            case CREATE -> send(row, "Cluster " + name + " is running", "The new cluster " + name + " is ready.");
            case UPDATE -> send(row, "Cluster " + name + " is updated", "The change of cluster " + name + " is done.");
            case DELETE -> send(row, "Cluster " + name + " is deleted", "Cluster " + name + " is gone.");
        }
    }

    /** Tells that a change failed for the last time. */
    void failed(ClusterRecord row) {
        String name = row.cluster().name();
        String what = switch (row.change()) {
            case CREATE -> "Provisioning cluster " + name;
            case UPDATE -> "Updating cluster " + name;
            case DELETE -> "Deleting cluster " + name;
        };
        send(row, what + " failed", what + " failed. An owner can retry it once the cause is removed.");
    }

    private void send(ClusterRecord row, String subject, String headline) {
        Cluster cluster = row.cluster();
        ClusterSpec spec = cluster.spec();
        List<Message.Fact> facts = new ArrayList<>(List.of(
                new Message.Fact("Cluster", cluster.name()),
                new Message.Fact("Organization", cluster.organization()),
                new Message.Fact("Status", cluster.status().name()),
                new Message.Fact("Provider", spec.provider() + ", " + spec.region()),
                new Message.Fact("Kubernetes", spec.kubernetesVersion()),
                new Message.Fact("Requested by", row.changedBy().value())));
        if (cluster.statusReason() != null) {
            facts.add(new Message.Fact("Reason", cluster.statusReason()));
        }
        notifications.send(
                "cluster:" + cluster.id() + ":" + row.version(),
                Topic.CLUSTER_PIPELINE,
                Scope.organization(cluster.organization()),
                recipients(row),
                new Message(
                        subject,
                        headline,
                        facts,
                        Optional.of(new Message.Link(
                                "Open the cluster",
                                baseUrl.to("/orgs/" + cluster.organization() + "/clusters/" + cluster.name())))));
    }

    private Set<UserId> recipients(ClusterRecord row) {
        Set<UserId> recipients = new TreeSet<>();
        for (Membership member : memberships.in(Scope.organization(row.cluster().organization()))) {
            if (member.owner()
                    || member.user().equals(row.changedBy())
                    || member.user().equals(row.cluster().requestedBy())) {
                recipients.add(member.user());
            }
        }
        return recipients;
    }
}
