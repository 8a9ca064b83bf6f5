package io.countersign.cluster.provisioning;

import io.countersign.cluster.Cluster;
import io.countersign.cluster.ClusterEvent;
import io.countersign.cluster.ClusterLifecycle;
import io.countersign.cluster.ClusterSpec;
import io.countersign.cluster.ClusterStatus;
import io.countersign.identity.UserId;

/**
 * A cluster's row.
 *
 * @param cluster what everyone may know
 * @param change what was asked for last
 * @param changeDone whether the target has reported that change as done
 * @param changedBy who asked for that change
 * @param version grows with each change of the row
 */
public record ClusterRecord(Cluster cluster, Change change, boolean changeDone, UserId changedBy, int version) {

    /**
     * @param reason why, for a person, or null
     * @return this after an event
     * @throws io.countersign.api.Conflict with {@code wrong_state} if the event cannot happen now
     */
    public ClusterRecord after(ClusterEvent event, String reason) {
        return with(cluster.spec(), ClusterLifecycle.after(cluster.status(), event), reason, changeDone);
    }

    /** @return this with another thing to say about its status */
    public ClusterRecord because(String reason) {
        return with(cluster.spec(), cluster.status(), reason, changeDone);
    }

    /** @return this with its change reported as done */
    public ClusterRecord done() {
        return with(cluster.spec(), cluster.status(), null, true);
    }

    /**
     * @param next the change that begins
     * @param by who asks for it
     * @return this with a new change, not yet done
     */
    public ClusterRecord beginning(Change next, UserId by) {
        return new ClusterRecord(cluster, next, false, by, version);
    }

    /** @return this with another specification */
    public ClusterRecord with(ClusterSpec spec) {
        return with(spec, cluster.status(), cluster.statusReason(), changeDone);
    }

    private ClusterRecord with(ClusterSpec spec, ClusterStatus status, String reason, boolean done) {
        Cluster changed = new Cluster(
                cluster.id(),
                cluster.organization(),
                cluster.name(),
                spec,
                status,
                reason,
                cluster.requestedBy(),
                cluster.requestedAt(),
                cluster.updatedAt(),
                cluster.approvalId(),
                cluster.processInstanceId());
        return new ClusterRecord(changed, change, done, changedBy, version);
    }
}
