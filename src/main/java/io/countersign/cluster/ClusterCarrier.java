package io.countersign.cluster;

import io.countersign.approval.Approval;
import io.countersign.approval.ApprovalId;
import io.countersign.approval.EntityType;
import io.countersign.approval.requests.Approvals;
import io.countersign.audit.AuditAction;
import io.countersign.change.Carrier;
import io.countersign.change.Outcome;
import io.countersign.change.Outlook;
import io.countersign.identity.Scope;
import io.countersign.target.Comparisons.Question;
import io.countersign.target.Progress;
import io.countersign.target.Target;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** Carries out the change requested for a cluster: its creation, an update or its deletion. */
@Component
class ClusterCarrier implements Carrier<ClusterRecord> {

    private final ClusterStore store;
    private final Approvals approvals;
    private final Target target;
    private final ClusterManifest manifest;
    private final ClusterTrail trail;
    private final ClusterProperties properties;

    ClusterCarrier(
            ClusterStore store,
            Approvals approvals,
            Target target,
            ClusterManifest manifest,
            ClusterTrail trail,
            ClusterProperties properties) {
        this.store = store;
        this.approvals = approvals;
        this.target = target;
        this.manifest = manifest;
        this.trail = trail;
        this.properties = properties;
    }

    @Override
    public EntityType kind() {
        return ClusterRequests.TYPE;
    }

    @Override
    public Words words() {
        return new Words("change", "provisioned");
    }

    @Override
    public Duration checkInterval() {
        return properties.checkInterval();
    }

    @Override
    public Optional<UUID> subjectOf(Approval approval) {
        return approval.isAbout(ClusterRequests.TYPE)
                ? store.find(approval.scope().id(), approval.entityName())
                        .map(ClusterRecord::cluster)
                        .filter(cluster -> cluster.approvalId().equals(approval.id()))
                        .map(Cluster::id)
                : Optional.empty();
    }

    @Override
    public Optional<ClusterRecord> find(UUID id) {
        return store.find(id);
    }

    @Override
    public Scope scope(ClusterRecord row) {
        return Scope.organization(row.cluster().organization());
    }

    @Override
    public boolean isDone(ClusterRecord row) {
        return row.changeDone();
    }

    @Override
    public ClusterRecord lock(UUID id, String process) {
        approvals.hold(require(store.find(id), id).cluster().approvalId());
        ClusterRecord row = require(store.lock(id), id);
        Cluster cluster = row.cluster();
        boolean waits = switch (cluster.status()) {
            case PROVISIONING, UPDATING, DELETING, PROVISIONING_FAILED -> process.equals(cluster.processInstanceId());
            case APPROVAL_PENDING, RUNNING, DELETED, REJECTED -> false;
        };
        if (!waits) {
            throw new IllegalStateException("Not carried out: cluster " + cluster.name() + " is " + cluster.status()
                    + " and does not wait for this process.");
        }
        return row;
    }

    @Override
    public ApprovalId approval(ClusterRecord row) {
        return row.cluster().approvalId();
    }

    @Override
    public ClusterRecord commit(ClusterRecord row) {
        verify(row);
        ClusterRecord touched = row.touched();
        // Drops what it waited for, but keeps the reason of a failure until the next write succeeds.
        boolean failed = touched.present().status() == ClusterStatus.PROVISIONING_FAILED;
        return store.save(failed ? touched : touched.because(null));
    }

    @Override
    public List<Question> claims(ClusterRecord row) {
        Cluster cluster = row.asked();
        return row.change() == Change.DELETE
                ? List.of(Question.remove(manifest.ref(cluster)))
                : manifest.claims(
                        cluster.organization(), cluster.name(), cluster.spec().adopt());
    }

    @Override
    public void reopen(ClusterRecord row, String reason) {
        trail.record(AuditAction.REOPEN, row, store.save(row.after(ClusterEvent.REOPEN, reason)));
    }

    @Override
    public void bring(ClusterRecord row) {
        Cluster cluster = row.cluster();
        Approval approval = verify(row);
        switch (row.change()) {
            case CREATE, UPDATE ->
                target.apply(
                        manifest.render(
                                cluster, approval.stages().isEmpty() ? Optional.of(row.changedBy()) : Optional.empty()),
                        row.change() == Change.CREATE && cluster.spec().adopt());
            case DELETE -> target.delete(manifest.ref(cluster));
        }
    }

    /** Verifies that the change's own approval covers exactly its content. */
    private Approval verify(ClusterRecord row) {
        Approval approval = approvals.get(row.cluster().approvalId());
        if (!approval.action().equals(row.change().wireName())) {
            throw new IllegalStateException("Not carried out: approval " + approval.id() + " is about something else.");
        }
        approvals.carryOut(approval.id(), ClusterRequest.of(row));
        return approval;
    }

    @Override
    public void requireBegun(ClusterRecord row) {
        if (row.request().isPresent()) {
            throw new IllegalStateException(
                    "Nothing of what is asked of cluster " + row.present().name() + " is carried out yet.");
        }
    }

    @Override
    public Outlook look(ClusterRecord row) {
        Progress progress = target.progress(manifest.ref(row.cluster()));
        boolean deletion = row.change() == Change.DELETE;
        if (progress instanceof Progress.Failed failed) {
            return new Outlook.Failed(failed.reason());
        }
        if (progress instanceof Progress.Absent) {
            return deletion
                    ? new Outlook.Done()
                    : new Outlook.Gone("Waiting: it was gone from the target and is created again.");
        }
        if (deletion) {
            return new Outlook.Waiting("Waiting: the target still has it.");
        }
        return progress instanceof Progress.InProgress working
                ? new Outlook.Waiting("Waiting: " + working.waitingFor() + ".")
                : new Outlook.Done();
    }

    @Override
    public void note(ClusterRecord row, Optional<String> waiting, boolean done) {
        ClusterRecord next = row.noted(waiting.orElse(null), done);
        if (!next.equals(row)) {
            store.save(next);
        }
    }

    @Override
    public Outcome finish(ClusterRecord row) {
        ClusterRecord finished = store.save(row.after(ClusterEvent.FINISH, null));
        trail.record(
                finished.cluster().status() == ClusterStatus.DELETED ? AuditAction.DELETED : AuditAction.RUNNING,
                row,
                finished);
        return ClusterNews.finished(finished);
    }

    @Override
    public Optional<Outcome> fail(String process, String reason) {
        return store.lockByProcess(process)
                .filter(row -> process.equals(row.cluster().processInstanceId()))
                .filter(row -> ClusterLifecycle.TABLE
                        .find(row.cluster().status(), ClusterEvent.FAIL)
                        .isPresent())
                .map(row -> {
                    ClusterRecord failed = store.save(row.after(ClusterEvent.FAIL, reason));
                    trail.record(AuditAction.FAIL, row, failed);
                    return ClusterNews.failed(failed);
                });
    }

    private static ClusterRecord require(Optional<ClusterRecord> row, UUID id) {
        return row.orElseThrow(() -> new IllegalStateException("There is no cluster " + id));
    }
}
