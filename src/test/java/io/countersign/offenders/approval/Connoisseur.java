package io.countersign.offenders.approval;

import io.countersign.approval.Approval;
import io.countersign.cluster.ClusterRequests;

/** Knows kinds of requests by class and by name, in a package that is to know none. */
public class Connoisseur {

    boolean isCluster(Approval approval) {
        return approval.isAbout(ClusterRequests.TYPE);
    }

    boolean isRoute(Approval approval) {
        return approval.entityType().wireName().equals("route");
    }
}
