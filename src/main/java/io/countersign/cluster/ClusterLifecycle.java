package io.countersign.cluster;

import static io.countersign.change.Lifecycle.line;
import static io.countersign.cluster.ClusterEvent.*;
import static io.countersign.cluster.ClusterStatus.*;

import io.countersign.api.problem.Conflict;
import io.countersign.api.problem.ErrorCode;
import io.countersign.change.Lifecycle;
import java.util.List;

/** The transition table of clusters. Events that are not in the table cannot happen. */
public final class ClusterLifecycle {

    /** The status of a newly requested cluster; requests that need no approval are released in the same transaction. */
    public static final ClusterStatus INITIAL = APPROVAL_PENDING;

    /** The whole lifecycle. */
    public static final Lifecycle<ClusterStatus, ClusterEvent> TABLE = new Lifecycle<>(
            List.of(
                    line(APPROVAL_PENDING, RELEASE, PROVISIONING),
                    line(APPROVAL_PENDING, REJECT, REJECTED),
                    line(APPROVAL_PENDING, CANCEL, DELETED),
                    line(APPROVAL_PENDING, RELEASE_UPDATE, UPDATING),
                    line(APPROVAL_PENDING, RELEASE_DELETION, DELETING),
                    line(APPROVAL_PENDING, REFUSE_CHANGE, RUNNING),
                    line(APPROVAL_PENDING, REFUSE_CHANGE_OF_FAILED, PROVISIONING_FAILED),
                    line(PROVISIONING, REOPEN, APPROVAL_PENDING),
                    line(PROVISIONING, CANCEL, DELETED),
                    line(PROVISIONING, FINISH, RUNNING),
                    line(PROVISIONING, FAIL, PROVISIONING_FAILED),
                    line(RUNNING, UPDATE, APPROVAL_PENDING),
                    line(UPDATING, REOPEN, APPROVAL_PENDING),
                    line(UPDATING, REFUSE_CHANGE, RUNNING),
                    line(UPDATING, REFUSE_CHANGE_OF_FAILED, PROVISIONING_FAILED),
                    line(UPDATING, FINISH, RUNNING),
                    line(UPDATING, FAIL, PROVISIONING_FAILED),
                    line(PROVISIONING_FAILED, CORRECT, APPROVAL_PENDING),
                    line(RUNNING, DELETE, APPROVAL_PENDING),
                    line(PROVISIONING_FAILED, DELETE, APPROVAL_PENDING),
                    line(DELETING, REOPEN, APPROVAL_PENDING),
                    line(DELETING, REFUSE_CHANGE, RUNNING),
                    line(DELETING, REFUSE_CHANGE_OF_FAILED, PROVISIONING_FAILED),
                    line(DELETING, FINISH, DELETED),
                    line(DELETING, FAIL, PROVISIONING_FAILED),
                    line(PROVISIONING_FAILED, FAIL, PROVISIONING_FAILED),
                    line(PROVISIONING_FAILED, REOPEN, APPROVAL_PENDING),
                    line(PROVISIONING_FAILED, CANCEL, DELETED),
                    line(PROVISIONING_FAILED, REFUSE_CHANGE, RUNNING),
                    line(PROVISIONING_FAILED, REFUSE_CHANGE_OF_FAILED, PROVISIONING_FAILED),
                    line(PROVISIONING_FAILED, RESUME_CREATION, PROVISIONING),
                    line(PROVISIONING_FAILED, RESUME_UPDATE, UPDATING),
                    line(PROVISIONING_FAILED, RESUME_DELETION, DELETING)),
            ClusterLifecycle::refusal);

    private ClusterLifecycle() {}

    private static Conflict refusal(ClusterStatus from, ClusterEvent event) {
        return new Conflict(
                ErrorCode.WRONG_STATE,
                from == APPROVAL_PENDING
                        ? "The cluster waits for an owner's decision; nothing else can happen to it until then."
                        : "A cluster that is " + from + " cannot be " + event.participle() + ".");
    }
}
