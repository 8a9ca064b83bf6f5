package io.countersign.cluster;

import io.countersign.approval.Approval;
import io.countersign.approval.ApprovalEvent;
import io.countersign.approval.ApprovalId;
import io.countersign.approval.ApprovalStatus;
import io.countersign.approval.Decision;
import io.countersign.approval.NotApproved;
import io.countersign.approval.StageStatus;
import io.countersign.approval.freeze.Freeze;
import io.countersign.approval.requests.Approvals;
import io.countersign.audit.AuditAction;
import io.countersign.audit.AuditSubject;
import io.countersign.audit.AuditTrail;
import io.countersign.audit.Difference;
import io.countersign.change.CarryingOut;
import io.countersign.change.Held;
import io.countersign.change.Touch;
import io.countersign.identity.Scope;
import io.countersign.target.Comparisons.Question;
import io.countersign.target.Progress;
import io.countersign.target.Target;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Carries out what was asked of a cluster, step by step, as its process says. Each step trusts the cluster's row and
 * the recorded approval only: a token that somebody moves, or a variable that somebody sets, leads to a refusal. Each
 * step may be repeated.
 */
@Component
@Transactional(propagation = Propagation.MANDATORY)
public class ClusterChanges {

    private static final Logger log = LoggerFactory.getLogger(ClusterChanges.class);
    private static final int MAX_REASON_LENGTH = 2000;

    private final ClusterStore store;
    private final ClusterProcesses processes;
    private final Approvals approvals;
    private final CarryingOut carryingOut;
    private final Target target;
    private final ClusterManifest manifest;
    private final ClusterNews news;
    private final AuditTrail audit;
    private final Clock clock;

    ClusterChanges(
            ClusterStore store,
            ClusterProcesses processes,
            Approvals approvals,
            CarryingOut carryingOut,
            Target target,
            ClusterManifest manifest,
            ClusterNews news,
            AuditTrail audit,
            Clock clock) {
        this.store = store;
        this.processes = processes;
        this.approvals = approvals;
        this.carryingOut = carryingOut;
        this.target = target;
        this.manifest = manifest;
        this.news = news;
        this.audit = audit;
        this.clock = clock;
    }

    /**
     * Lets an approved request be carried out, after a look at the recorded approval. Nothing is written yet. A change
     * before it that failed is given up.
     *
     * @param approval what the process believes the request's approval to be
     * @throws NotApproved unless exactly this is approved in full
     */
    public void release(UUID id, ApprovalId approval) {
        ClusterRecord row = lock(id);
        requireOwnApproval(row.cluster(), approval);
        ClusterRecord released = row.after(
                switch (row.change()) {
                    case CREATE -> ClusterEvent.RELEASE;
                    case UPDATE -> ClusterEvent.RELEASE_UPDATE;
                    case DELETE -> ClusterEvent.RELEASE_DELETION;
                },
                null);
        approvals.release(approval, content(row));
        row.request()
                .filter(request -> request.before() == ClusterStatus.PROVISIONING_FAILED)
                .ifPresent(request -> processes.end(
                        row.present().processInstanceId(), "Given up for a change by " + request.by() + "."));
        store.save(released);
        record(row.change() == Change.CREATE ? AuditAction.PROVISION : AuditAction.RELEASE, row, released);
    }

    /**
     * Ends a request that was rejected or cancelled.
     *
     * @param approval what the process believes the cluster's approval to be
     * @throws IllegalStateException if the record says anything else; then nothing happens
     */
    public void cancel(UUID id, ApprovalId approval) {
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
        store.save(ended);
        record(AuditAction.CANCEL, row, ended);
    }

    /** Ends a request that was cancelled after an administrator ended its process. */
    @EventListener
    public void cancelledWithoutProcess(ApprovalEvent.CancelledWithoutProcess event) {
        lockByRequest(event.approval())
                .filter(row -> row.cluster().status() == ClusterStatus.APPROVAL_PENDING)
                .ifPresent(row -> cancel(row.cluster().id(), event.approval()));
    }

    /** Ends a request that was approved, and cancelled before anything was provisioned. */
    @EventListener
    public void approvalClosed(ApprovalEvent.Closed event) {
        Approval approval = approvals.get(event.approval());
        if (approval.isAbout(ClusterRequests.TYPE)
                && event.status() == ApprovalStatus.CANCELLED
                && approval.stages().stream().allMatch(stage -> stage.status() == StageStatus.APPROVED)
                && !processes.withdraw(approval.id())) {
            lockByRequest(approval.id()).ifPresent(row -> cancel(row.cluster().id(), approval.id()));
        }
    }

    /** Has a cluster wait for its approval again that lapsed, or was taken back, before anything was provisioned. */
    @EventListener
    public void approvalReopened(ApprovalEvent.Reopened event) {
        lockByRequest(event.approval())
                .filter(row -> row.cluster().status() != ClusterStatus.APPROVAL_PENDING)
                .ifPresent(row -> reopen(row, event.reason()));
    }

    private void reopen(ClusterRecord row, String reason) {
        ClusterRecord reopened = row.after(ClusterEvent.REOPEN, reason);
        store.save(reopened);
        record(AuditAction.REOPEN, row, reopened);
    }

    /** @return the cluster that an approval is about */
    private Optional<ClusterRecord> lockByRequest(ApprovalId id) {
        Approval approval = approvals.get(id);
        return Optional.of(approval)
                .filter(request -> request.isAbout(ClusterRequests.TYPE))
                .flatMap(request -> store.lock(request.scope().id(), request.entityName()))
                .filter(row -> row.cluster().approvalId().equals(id));
    }

    /**
     * Brings the change to the target, after a last look at its approval. Touches nothing while provisioning is frozen
     * in the organization. That the target is touched is on record before the first write, and only once the target
     * would take it; until then the request can be cancelled, and lapses.
     *
     * @param process the root process that carries it out
     * @return what keeps it from being carried out, if anything does: an open window, or that the approval lapsed,
     *     which is on record then
     * @throws IllegalStateException if the cluster does not wait for this process
     * @throws NotApproved if the change is not approved exactly as it is stored
     * @throws RuntimeException with the reason, for a person, if the target refuses it or cannot be reached
     */
    public Optional<Held> apply(UUID id, String process) {
        Touch touch = carryingOut.begin(scope(require(store.find(id), id)));
        if (touch.freeze().isPresent()) {
            ClusterRecord row = lockUnderWay(id, process);
            Freeze window = touch.freeze().get();
            store.save(resume(row).orElse(row).because(window.waiting()));
            return Optional.of(Held.frozen(window));
        }
        if (!touch.commitTo(() -> commitTo(id, process))) {
            return Optional.of(lapse(id, process));
        }
        ClusterRecord row = lockUnderWay(id, process);
        apply(row);
        resume(row).ifPresent(store::save);
        return Optional.empty();
    }

    /**
     * Notes that the first write is committed to, unless the target refuses it at the first look: that fails the try
     * and leaves the request as it was.
     *
     * @return false if the approval lapsed; then nothing is noted
     */
    private boolean commitTo(UUID id, String process) {
        ClusterRecord row = lockUnderWay(id, process);
        if (approvals.get(row.cluster().approvalId()).lapsed(clock.instant())) {
            return false;
        }
        carryOut(row);
        ClusterRecord touched = row.touched();
        // What it waited for is over; why it failed is told until the next write succeeds.
        boolean failed = touched.present().status() == ClusterStatus.PROVISIONING_FAILED;
        store.save(failed ? touched : touched.because(null));
        claims(row).forEach(claim -> claim.require(target));
        return true;
    }

    private List<Question> claims(ClusterRecord row) {
        Cluster cluster = row.asked();
        return row.change() == Change.DELETE
                ? List.of(Question.remove(manifest.ref(cluster)))
                : manifest.claims(
                        cluster.organization(), cluster.name(), cluster.spec().adopt());
    }

    /** Calls a change off whose approval lapsed before anything was written. */
    private Held lapse(UUID id, String process) {
        ClusterRecord row = lockUnderWay(id, process);
        String reason = "Not provisioned: its approval was given too long ago and must be given again.";
        // First, so that whoever hears of the lapse finds the change called off.
        reopen(row, reason);
        approvals.lapse(row.cluster().approvalId());
        return Held.lapsed(reason);
    }

    /** @return when a change that waits for a freeze window should look again */
    public Instant freezeEnds(UUID id) {
        return carryingOut.freezeEnds(scope(lock(id)));
    }

    /** @return the cluster that an approval let begin; empty if it is about another one */
    @Transactional(readOnly = true)
    public Optional<UUID> clusterOf(Approval approval) {
        return approval.isAbout(ClusterRequests.TYPE)
                ? store.find(approval.scope().id(), approval.entityName())
                        .map(ClusterRecord::cluster)
                        .filter(cluster -> cluster.approvalId().equals(approval.id()))
                        .map(Cluster::id)
                : Optional.empty();
    }

    /** @return where freeze windows hold for a cluster; empty if there is none of that id */
    public Optional<Scope> scopeOf(UUID id) {
        return store.find(id).map(ClusterChanges::scope);
    }

    /**
     * Takes one look at the target and notes what it says.
     *
     * @param process the root process that carries the change out
     * @throws IllegalStateException if the cluster does not wait for this process
     * @throws ChangeFailed if the target gave up
     */
    public void check(UUID id, String process) {
        ClusterRecord row = lockTouched(id, process);
        Progress progress = target.progress(manifest.ref(row.cluster()));
        if (progress instanceof Progress.Failed failed) {
            throw new ChangeFailed(failed.reason());
        }
        ClusterRecord next = resume(row).orElse(row);
        next = row.change() == Change.DELETE ? afterDeletionCheck(next, progress) : afterCheck(next, progress);
        if (!next.equals(row)) {
            store.save(next);
        }
    }

    /** @return whether the last {@link #check} found the change done */
    public boolean isFinished(UUID id) {
        return store.find(id).map(ClusterRecord::changeDone).orElse(false);
    }

    /**
     * Notes that a change is done.
     *
     * @param process the root process that carries it out
     * @throws IllegalStateException unless {@link #check} found it done
     */
    public void finish(UUID id, String process) {
        ClusterRecord row = lockTouched(id, process);
        if (!row.changeDone()) {
            throw new IllegalStateException("Not finished: the target has not reported the change as done.");
        }
        ClusterRecord finished = row.after(ClusterEvent.FINISH, null);
        store.save(finished);
        record(
                finished.cluster().status() == ClusterStatus.DELETED ? AuditAction.DELETED : AuditAction.RUNNING,
                row,
                finished);
    }

    /** Tells people that a change is done. */
    public void announce(UUID id) {
        news.finished(require(store.find(id), id));
    }

    /**
     * Notes that a change failed for the last time, and tells people. A process that carries out no cluster's change is
     * none of our business.
     *
     * @param process the root process that carries it out
     * @param reason why, for a person; null if nothing is known
     */
    public void fail(String process, String reason) {
        ClusterRecord row = store.lockByProcess(process).orElse(null);
        if (row == null
                || !process.equals(row.cluster().processInstanceId())
                || ClusterLifecycle.find(row.cluster().status(), ClusterEvent.FAIL)
                        .isEmpty()) {
            log.warn("A provisioning job that no cluster waits for gave up: process={} reason={}", process, reason);
            return;
        }
        String text = reason == null || reason.isBlank() ? "The cause is unknown; the log says more." : reason;
        store.save(row.after(
                ClusterEvent.FAIL,
                text.length() <= MAX_REASON_LENGTH ? text : text.substring(0, MAX_REASON_LENGTH - 1) + "…"));
        ClusterRecord failed =
                require(store.find(row.cluster().id()), row.cluster().id());
        record(AuditAction.FAIL, row, failed);
        news.failed(failed);
    }

    private ClusterRecord afterCheck(ClusterRecord row, Progress progress) {
        if (progress instanceof Progress.Ready) {
            return row.done();
        }
        if (progress instanceof Progress.InProgress working) {
            return row.because("Waiting: " + working.waitingFor() + ".");
        }
        Optional<Freeze> freeze = carryingOut.begin(scope(row)).freeze();
        if (freeze.isPresent()) {
            return row.because(freeze.get().waiting());
        }
        // Somebody removed it behind our back: what was approved is to be there.
        apply(row);
        return row.because("Waiting: it was gone from the target and is created again.");
    }

    private ClusterRecord afterDeletionCheck(ClusterRecord row, Progress progress) {
        if (progress instanceof Progress.Absent) {
            return row.done();
        }
        return row.because("Waiting: the target still has it.");
    }

    private void apply(ClusterRecord row) {
        Cluster cluster = row.cluster();
        Approval approval = carryOut(row);
        switch (row.change()) {
            case CREATE, UPDATE ->
                target.apply(
                        manifest.render(
                                cluster, approval.stages().isEmpty() ? Optional.of(row.changedBy()) : Optional.empty()),
                        row.change() == Change.CREATE && cluster.spec().adopt());
            case DELETE -> target.delete(manifest.ref(cluster));
        }
    }

    /** A change is carried out under its own approval, content and all. */
    private Approval carryOut(ClusterRecord row) {
        Approval approval = approvals.get(row.cluster().approvalId());
        if (!approval.action().equals(row.change().wireName())) {
            throw new IllegalStateException("Not carried out: approval " + approval.id() + " is about something else.");
        }
        approvals.carryOut(approval.id(), content(row));
        return approval;
    }

    private static ClusterRequest content(ClusterRecord row) {
        Cluster cluster = row.asked();
        return ClusterRequest.of(cluster.organization(), cluster.name(), cluster.spec());
    }

    private static String noun(ClusterRecord row) {
        return row.change() == Change.UPDATE ? "update" : "deletion";
    }

    /** @return the row after its failed change goes on, as it does when an operator retries the job */
    private static Optional<ClusterRecord> resume(ClusterRecord row) {
        return row.cluster().status() == ClusterStatus.PROVISIONING_FAILED
                ? Optional.of(row.after(row.change().resumption(), null))
                : Optional.empty();
    }

    /** Holds the approval before the cluster, as those do who decide about it or cancel it. */
    private ClusterRecord lockUnderWay(UUID id, String process) {
        approvals.hold(require(store.find(id), id).cluster().approvalId());
        ClusterRecord row = lock(id);
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

    private ClusterRecord lockTouched(UUID id, String process) {
        ClusterRecord row = lockUnderWay(id, process);
        if (row.request().isPresent()) {
            throw new IllegalStateException(
                    "Nothing of what is asked of cluster " + row.present().name() + " is carried out yet.");
        }
        return row;
    }

    private static Scope scope(ClusterRecord row) {
        return Scope.organization(row.cluster().organization());
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

    private void record(AuditAction action, ClusterRecord before, ClusterRecord row) {
        Cluster cluster = row.cluster();
        audit.record(
                action,
                new AuditSubject(
                        "cluster",
                        cluster.name(),
                        cluster.name(),
                        Scope.organization(cluster.organization()).toString()),
                cluster.statusReason() == null
                        ? Map.of(
                                "approval_id", cluster.approvalId(),
                                "cluster_id", cluster.id(),
                                "change", row.change().wireName())
                        : Map.of(
                                "approval_id", cluster.approvalId(),
                                "cluster_id", cluster.id(),
                                "change", row.change().wireName(),
                                "reason", cluster.statusReason()),
                new Difference(Map.of("status", before.cluster().status()), Map.of("status", cluster.status())));
    }

    private static String rejectionReason(Approval approval) {
        Decision rejection = approval.rejection().orElseThrow();
        return "Rejected by " + rejection.decidedBy() + ": " + rejection.comment();
    }
}
