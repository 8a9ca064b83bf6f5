package io.countersign.cluster;

import io.countersign.audit.AuditAction;
import io.countersign.audit.AuditSubject;
import io.countersign.audit.AuditTrail;
import io.countersign.audit.Difference;
import io.countersign.identity.Scope;
import java.util.HashMap;
import java.util.Map;
import org.springframework.stereotype.Component;

/** Records the outcomes of cluster changes in the audit trail. */
@Component
class ClusterTrail {

    private final AuditTrail audit;

    ClusterTrail(AuditTrail audit) {
        this.audit = audit;
    }

    /** Records a cluster's transition from one status to another. */
    void record(AuditAction action, ClusterRecord before, ClusterRecord after) {
        Cluster cluster = after.cluster();
        Map<String, Object> details = new HashMap<>(Map.of(
                "approval_id", cluster.approvalId(),
                "cluster_id", cluster.id(),
                "change", after.change().wireName()));
        if (cluster.statusReason() != null) {
            details.put("reason", cluster.statusReason());
        }
        audit.record(
                action,
                new AuditSubject(
                        ClusterRequests.TYPE.wireName(),
                        cluster.name(),
                        cluster.name(),
                        Scope.organization(cluster.organization()).toString()),
                details,
                new Difference(Map.of("status", before.cluster().status()), Map.of("status", cluster.status())));
    }
}
