package io.countersign.cluster;

import io.countersign.approval.ApprovalId;
import io.countersign.identity.UserId;
import java.util.Optional;

/**
 * A cluster's row.
 *
 * @param present the cluster as the target has it, or is being given it
 * @param begun what was begun to be carried out last
 * @param changeDone whether the target has reported that change as done
 * @param begunBy who asked for that change
 * @param version grows with each change of the row
 * @param request an update or deletion of which nothing is written yet
 */
public record ClusterRecord(
        Cluster present, Change begun, boolean changeDone, UserId begunBy, int version, Optional<Request> request) {

    /**
     * An update or deletion that was asked for.
     *
     * @param change which of them
     * @param spec what it asks for; for a deletion what there is
     * @param approval its approval
     * @param by who asked for it
     * @param process its process; null until that is started
     * @param before what the cluster returns to if it is refused
     */
    public record Request(
            Change change, ClusterSpec spec, ApprovalId approval, UserId by, String process, ClusterStatus before) {}

    /** @return what everyone may know: the cluster with what is asked of it, as it is or, once released, will be */
    public Cluster cluster() {
        return present.status() == ClusterStatus.APPROVAL_PENDING ? withRequest(present.spec()) : asked();
    }

    /** @return the cluster as it is asked for */
    public Cluster asked() {
        return withRequest(request.map(Request::spec).orElse(present.spec()));
    }

    /** @return what was asked for last */
    public Change change() {
        return request.map(Request::change).orElse(begun);
    }

    /** @return who asked for it */
    public UserId changedBy() {
        return request.map(Request::by).orElse(begunBy);
    }

    /**
     * @param reason why, for a person, or null
     * @return this after an event
     * @throws io.countersign.api.problem.Conflict with {@code wrong_state} if the event cannot happen now
     */
    public ClusterRecord after(ClusterEvent event, String reason) {
        return with(ClusterLifecycle.TABLE.after(present.status(), event), reason, changeDone);
    }

    /** @return this with another thing to say about its status */
    public ClusterRecord because(String reason) {
        return with(present.status(), reason, changeDone);
    }

    /**
     * @param waiting what its change waits for, for a person, or null
     * @param done whether the target reported the change as done
     * @return this with what its change has come to; one that failed goes on, as when an operator retries the job
     */
    ClusterRecord noted(String waiting, boolean done) {
        ClusterRecord resumed =
                present.status() == ClusterStatus.PROVISIONING_FAILED ? after(change().resumption(), null) : this;
        return resumed.with(resumed.present.status(), waiting, done);
    }

    /** @return this as it is once it is saved */
    ClusterRecord saved() {
        return new ClusterRecord(present, begun, changeDone, begunBy, version + 1, request);
    }

    /**
     * @param event what happens as it is asked for
     * @return this with an update or deletion that is asked for
     * @throws io.countersign.api.problem.Conflict with {@code wrong_state} if the event cannot happen now
     */
    public ClusterRecord submitted(ClusterEvent event, Request submitted) {
        ClusterRecord next = after(event, present.statusReason());
        return new ClusterRecord(next.present, begun, changeDone, begunBy, version, Optional.of(submitted));
    }

    /** @return this after its request was refused or withdrawn: the cluster is what it was */
    ClusterRecord refused(String reason) {
        boolean ran = request.orElseThrow().before() == ClusterStatus.RUNNING;
        ClusterRecord next = ran
                ? after(ClusterEvent.REFUSE_CHANGE, reason)
                : after(ClusterEvent.REFUSE_CHANGE_OF_FAILED, "The change before this one failed. " + reason);
        return new ClusterRecord(next.present, begun, changeDone, begunBy, version, Optional.empty());
    }

    /** @return this when the first write of its request is committed to */
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
