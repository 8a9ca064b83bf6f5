package io.countersign.cluster;

import static io.countersign.cluster.ClusterEvent.*;
import static io.countersign.cluster.ClusterStatus.*;

import io.countersign.api.problem.Conflict;
import io.countersign.api.problem.ErrorCode;
import java.util.List;
import java.util.Optional;

/** Which event leads a cluster from which status to which. What is not in the table does not happen. */
public final class ClusterLifecycle {

    /**
     * One line of the table.
     *
     * @param from the status before
     * @param event what happens
     * @param to the status after
     */
    public record Transition(ClusterStatus from, ClusterEvent event, ClusterStatus to) {}

    /** The status of a cluster just requested; what needs no approval is released in the same transaction. */
    public static final ClusterStatus INITIAL = APPROVAL_PENDING;

    /** The whole lifecycle. */
    public static final List<Transition> TABLE = List.of(
            new Transition(APPROVAL_PENDING, RELEASE, PROVISIONING),
            new Transition(APPROVAL_PENDING, REJECT, REJECTED),
            new Transition(APPROVAL_PENDING, CANCEL, DELETED),
            new Transition(APPROVAL_PENDING, RELEASE_UPDATE, UPDATING),
            new Transition(APPROVAL_PENDING, RELEASE_DELETION, DELETING),
            new Transition(APPROVAL_PENDING, REFUSE_CHANGE, RUNNING),
            new Transition(APPROVAL_PENDING, REFUSE_CHANGE_OF_FAILED, PROVISIONING_FAILED),
            new Transition(PROVISIONING, REOPEN, APPROVAL_PENDING),
            new Transition(PROVISIONING, CANCEL, DELETED),
            new Transition(PROVISIONING, FINISH, RUNNING),
            new Transition(PROVISIONING, FAIL, PROVISIONING_FAILED),
            new Transition(RUNNING, UPDATE, APPROVAL_PENDING),
            new Transition(UPDATING, REOPEN, APPROVAL_PENDING),
            new Transition(UPDATING, REFUSE_CHANGE, RUNNING),
            new Transition(UPDATING, REFUSE_CHANGE_OF_FAILED, PROVISIONING_FAILED),
            new Transition(UPDATING, FINISH, RUNNING),
            new Transition(UPDATING, FAIL, PROVISIONING_FAILED),
            new Transition(PROVISIONING_FAILED, CORRECT, APPROVAL_PENDING),
            new Transition(RUNNING, DELETE, APPROVAL_PENDING),
            new Transition(PROVISIONING_FAILED, DELETE, APPROVAL_PENDING),
            new Transition(DELETING, REOPEN, APPROVAL_PENDING),
            new Transition(DELETING, REFUSE_CHANGE, RUNNING),
            new Transition(DELETING, REFUSE_CHANGE_OF_FAILED, PROVISIONING_FAILED),
            new Transition(DELETING, FINISH, DELETED),
            new Transition(DELETING, FAIL, PROVISIONING_FAILED),
            new Transition(PROVISIONING_FAILED, FAIL, PROVISIONING_FAILED),
            new Transition(PROVISIONING_FAILED, REOPEN, APPROVAL_PENDING),
            new Transition(PROVISIONING_FAILED, CANCEL, DELETED),
            new Transition(PROVISIONING_FAILED, REFUSE_CHANGE, RUNNING),
            new Transition(PROVISIONING_FAILED, REFUSE_CHANGE_OF_FAILED, PROVISIONING_FAILED),
            new Transition(PROVISIONING_FAILED, RESUME_CREATION, PROVISIONING),
            new Transition(PROVISIONING_FAILED, RESUME_UPDATE, UPDATING),
            new Transition(PROVISIONING_FAILED, RESUME_DELETION, DELETING));

    private ClusterLifecycle() {}

    /** @return where an event leads from a status; empty if it cannot happen there */
    public static Optional<ClusterStatus> find(ClusterStatus from, ClusterEvent event) {
        return TABLE.stream()
                .filter(transition -> transition.from() == from && transition.event() == event)
                .map(Transition::to)
                .findFirst();
    }

    /**
     * @return where an event leads from a status
     * @throws Conflict with {@code wrong_state} if it cannot happen there
     */
    public static ClusterStatus after(ClusterStatus from, ClusterEvent event) {
        return find(from, event)
                .orElseThrow(() -> new Conflict(
                        ErrorCode.WRONG_STATE,
                        from == APPROVAL_PENDING
                                ? "The cluster waits for an owner's decision; nothing else can happen to it until then."
                                : "A cluster that is " + from + " cannot be " + event.participle() + "."));
    }
}
