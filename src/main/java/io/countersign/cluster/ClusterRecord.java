package io.countersign.cluster;

import io.countersign.approval.ApprovalId;
import io.countersign.identity.UserId;
import java.util.Optional;

/**
 * A cluster's row.
 *
 * @param present the cluster as it is, or is being applied, on the target
 * @param begun the change whose carrying out began last
 * @param changeDone whether the target reported that change as done
 * @param begunBy who requested that change
 * @param version grows with each change of the row
 * @param request a requested update or deletion, none of it written yet
 */
public record ClusterRecord(
        Cluster present, Change begun, boolean changeDone, UserId begunBy, int version, Optional<Request> request) {

    /**
     * A requested update or deletion.
     *
     * @param change which of the two
     * @param spec the requested specification; the present one for a deletion
     * @param approval its approval
     * @param by who requested it
     * @param process its process; null until that is started
     * @param before the status that the cluster returns to on refusal
     */
    public record Request(
            Change change, ClusterSpec spec, ApprovalId approval, UserId by, String process, ClusterStatus before) {}

    /** @return the public view: the cluster with its requested change, as it is or, once released, will be */
    public Cluster cluster() {
        return present.status() == ClusterStatus.APPROVAL_PENDING ? withRequest(present.spec()) : asked();
    }

    /** @return the cluster as requested */
    public Cluster asked() {
        return withRequest(request.map(Request::spec).orElse(present.spec()));
    }

    /** @return the change last requested */
    public Change change() {
        return request.map(Request::change).orElse(begun);
    }

    /** @return who requested it */
    public UserId changedBy() {
        return request.map(Request::by).orElse(begunBy);
    }

    /**
     * @param reason the user-facing reason, or null
     * @return this after an event
     * @throws io.countersign.api.problem.Conflict with {@code wrong_state} if the event cannot happen now
     */
    public ClusterRecord after(ClusterEvent event, String reason) {
        return with(ClusterLifecycle.TABLE.after(present.status(), event), reason, changeDone);
    }

    /** @return this with another status reason */
    public ClusterRecord because(String reason) {
        return with(present.status(), reason, changeDone);
    }

    /**
     * @param waiting what its change waits for, in user-facing words, or null
     * @param done whether the target reported the change as done
     * @return this with the progress of its change; a failed one is resumed, as when an operator retries the job
     */
    ClusterRecord noted(String waiting, boolean done) {
        ClusterRecord resumed =
                present.status() == ClusterStatus.PROVISIONING_FAILED ? after(change().resumption(), null) : this;
        return resumed.with(resumed.present.status(), waiting, done);
    }

    /** @return this with the version it has once saved */
    ClusterRecord saved() {
        return new ClusterRecord(present, begun, changeDone, begunBy, version + 1, request);
    }

    /**
     * @param event the event of the request
     * @return this with a requested update or deletion
     * @throws io.countersign.api.problem.Conflict with {@code wrong_state} if the event cannot happen now
     */
    public ClusterRecord submitted(ClusterEvent event, Request submitted) {
        ClusterRecord next = after(event, present.statusReason());
        return new ClusterRecord(next.present, begun, changeDone, begunBy, version, Optional.of(submitted));
    }

    /** @return this after its request was refused or withdrawn: the cluster returns to what it was */
    ClusterRecord refused(String reason) {
        boolean ran = request.orElseThrow().before() == ClusterStatus.RUNNING;
        ClusterRecord next = ran
                ? after(ClusterEvent.REFUSE_CHANGE, reason)
                : after(ClusterEvent.REFUSE_CHANGE_OF_FAILED, "The change before this one failed. " + reason);
        return new ClusterRecord(next.present, begun, changeDone, begunBy, version, Optional.empty());
    }

    /** @return this, committed to the first write of its request */
    ClusterRecord touched() {
        return request.map(asked ->
                        new ClusterRecord(asked(), asked.change(), false, asked.by(), version, Optional.empty()))
                .orElse(this);
    }

    private ClusterRecord with(ClusterStatus status, String reason, boolean done) {
        return new ClusterRecord(
                copy(present.spec(), status, reason, present.approvalId(), present.processInstanceId()),
                begun,
                done,
                begunBy,
                version,
                request);
    }

    private Cluster withRequest(ClusterSpec spec) {
        return copy(
                spec,
                present.status(),
                present.statusReason(),
                request.map(Request::approval).orElse(present.approvalId()),
                request.isPresent() ? request.get().process() : present.processInstanceId());
    }

    private Cluster copy(
            ClusterSpec spec, ClusterStatus status, String reason, ApprovalId approval, String processInstanceId) {
        return new Cluster(
                present.id(),
                present.organization(),
                present.name(),
                spec,
                status,
                reason,
                present.requestedBy(),
                present.requestedAt(),
                present.updatedAt(),
                approval,
                processInstanceId);
    }
}
