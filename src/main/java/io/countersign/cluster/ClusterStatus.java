package io.countersign.cluster;

import java.util.Arrays;
import java.util.Optional;

/** The status of a cluster. {@link ClusterLifecycle} has the transitions. */
public enum ClusterStatus {
    /** An owner must approve it first. */
    APPROVAL_PENDING,
    /** It is being created. */
    PROVISIONING,
    /** It is as requested. */
    RUNNING,
    /** The last change failed and waits for a retry. */
    PROVISIONING_FAILED,
    /** It is being changed. */
    UPDATING,
    /** It is being deleted. */
    DELETING,
    /** It is gone, or was cancelled before it existed; its name is free. */
    DELETED,
    /** An owner refused it; its name is free. */
    REJECTED;

    /** @return whether the status is final */
    public boolean ended() {
        return this == DELETED || this == REJECTED;
    }

    /** @return the status with that name, or empty */
    public static Optional<ClusterStatus> find(String name) {
        return Arrays.stream(values())
                .filter(status -> status.name().equals(name))
                .findFirst();
    }
}
