package io.countersign.cluster.process;

import io.countersign.approval.Approval;
import io.countersign.change.CarriedOutByProcess;
import io.countersign.cluster.ClusterChanges;
import io.countersign.identity.Scope;
import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** {@code cluster-provisioning} carries changes of clusters out. */
@Component
class ProvisioningProcess implements CarriedOutByProcess {

    private final ClusterChanges changes;

    ProvisioningProcess(ClusterChanges changes) {
        this.changes = changes;
    }

    @Override
    public String process() {
        return ClusterProcess.PROVISIONING;
    }

    @Override
    public String variable() {
        return ClusterProcess.CLUSTER_ID;
    }

    @Override
    public void gaveUp(UUID cluster, String rootProcess, String reason) {
        changes.fail(rootProcess, reason);
    }

    @Override
    public Optional<UUID> subjectOf(Approval approval) {
        return changes.clusterOf(approval);
    }

    @Override
    public Optional<Scope> scopeOf(UUID cluster) {
        return changes.scopeOf(cluster);
    }
}
