package io.countersign.cluster;

import java.util.Arrays;
import java.util.Optional;

/** How far a cluster is. What leads from one to the next is {@link ClusterLifecycle}'s. */
public enum ClusterStatus {
    /** An owner has to agree first. */
    APPROVAL_PENDING,
    /** It is being created. */
    PROVISIONING,
    /** It is as it was asked for. */
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

    /** @return whether nothing happens to the cluster any more */
    public boolean ended() {
        return this == DELETED || this == REJECTED;
    }

    /** @return the status of that name, or empty */
    public static Optional<ClusterStatus> find(String name) {
        return Arrays.stream(values())
                .filter(status -> status.name().equals(name))
                .findFirst();
    }
}
