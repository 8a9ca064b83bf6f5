package io.countersign.cluster;

import io.countersign.approval.Approval;
import io.countersign.approval.ApprovalId;
import io.countersign.approval.Decision;
import io.countersign.approval.EntityType;
import io.countersign.approval.NotApproved;
import io.countersign.approval.requests.Approvals;
import io.countersign.audit.AuditAction;
import io.countersign.change.ChangeProcesses;
import io.countersign.change.Revocable;
import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Component;

/**
 * Begins, ends and reopens the change requested for a cluster, following its approval. Trusts only the cluster's row
 * and the recorded approval, so a moved token or a tampered variable leads to a refusal.
 */
@Component
class ClusterChanges implements Revocable {

    private final ClusterStore store;
    private final ChangeProcesses processes;
    private final Approvals approvals;
    private final ClusterCarrier carrier;
    private final ClusterTrail trail;

    ClusterChanges(
            ClusterStore store,
            ChangeProcesses processes,
            Approvals approvals,
            ClusterCarrier carrier,
            ClusterTrail trail) {
        this.store = store;
        this.processes = processes;
        this.approvals = approvals;
        this.carrier = carrier;
        this.trail = trail;
    }

    /**
     * Releases an approved request after checking the recorded approval. Nothing is written yet. An earlier change that
     * failed is abandoned.
     *
     * @param approval the request's approval according to the process
     * @throws NotApproved unless exactly this content is fully approved
     */
    void release(UUID id, ApprovalId approval) {
        ClusterRecord row = lock(id);
        requireOwnApproval(row.cluster(), approval);
        ClusterRecord released = row.after(
                switch (row.change()) {
                    case CREATE -> ClusterEvent.RELEASE;
                    case UPDATE -> ClusterEvent.RELEASE_UPDATE;
                    case DELETE -> ClusterEvent.RELEASE_DELETION;
                },
                null);
        approvals.release(approval, ClusterRequest.of(row));
        row.request()
                .filter(request -> request.before() == ClusterStatus.PROVISIONING_FAILED)
                .ifPresent(request -> processes.end(
                        row.present().processInstanceId(), "Given up for a change by " + request.by() + "."));
        trail.record(
                row.change() == Change.CREATE ? AuditAction.PROVISION : AuditAction.RELEASE, row, store.save(released));
    }

    /**
     * Ends a request that was rejected or cancelled.
     *
     * @param approval the cluster's approval according to the process
     * @throws IllegalStateException if the record disagrees; nothing changes then
     */
    void cancel(UUID id, ApprovalId approval) {
        ClusterRecord row = lock(id);
        requireOwnApproval(row.cluster(), approval);
        Approval recorded = approvals.get(approval);
        boolean created = row.change() == Change.CREATE;
        ClusterRecord ended = switch (recorded.status()) {
            case REJECTED ->
                created
                        ? row.after(ClusterEvent.REJECT, rejectionReason(recorded))
                        : row.refused("The " + noun(row) + " was rejected: " + rejectionReason(recorded));
            case CANCELLED ->
                created
                        ? row.after(ClusterEvent.CANCEL, "Cancelled before it was provisioned.")
                        : row.refused("The " + noun(row) + " was cancelled.");
            case PENDING, APPROVED ->
                throw new IllegalStateException("Not cancelled: approval " + approval + " is "
                        + recorded.status().wireName() + ".");
        };
        trail.record(AuditAction.CANCEL, row, store.save(ended));
    }

    @Override
    public EntityType kind() {
        return ClusterRequests.TYPE;
    }

    @Override
    public void cancelled(Approval approval) {
        lockByRequest(approval)
                .filter(row -> !row.cluster().status().ended())
                .ifPresent(row -> cancel(row.cluster().id(), approval.id()));
    }

    @Override
    public void reopened(Approval approval, String reason) {
        lockByRequest(approval)
                .filter(row -> row.cluster().status() != ClusterStatus.APPROVAL_PENDING)
                .ifPresent(row -> carrier.reopen(row, reason));
    }

    /** @return the cluster that an approval is about */
    private Optional<ClusterRecord> lockByRequest(Approval approval) {
        return store.lock(approval.scope().id(), approval.entityName())
                .filter(row -> row.cluster().approvalId().equals(approval.id()));
    }

    private static String noun(ClusterRecord row) {
        return row.change() == Change.UPDATE ? "update" : "deletion";
    }

    private static void requireOwnApproval(Cluster cluster, ApprovalId approval) {
        if (!cluster.approvalId().equals(approval)) {
            throw new IllegalStateException(
                    "Not carried out: approval " + approval + " is not that of cluster " + cluster.name() + ".");
        }
    }

    private ClusterRecord lock(UUID id) {
        return require(store.lock(id), id);
    }

    private static ClusterRecord require(Optional<ClusterRecord> row, UUID id) {
        return row.orElseThrow(() -> new IllegalStateException("There is no cluster " + id));
    }

    private static String rejectionReason(Approval approval) {
        Decision rejection = approval.rejection().orElseThrow();
        return "Rejected by " + rejection.decidedBy() + ": " + rejection.comment();
    }
}
