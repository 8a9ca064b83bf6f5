package io.countersign.cluster;

import io.countersign.change.Lifecycle;
import io.countersign.identity.Permission;
import java.util.Optional;

/** The events in a cluster's lifecycle. */
public enum ClusterEvent implements Lifecycle.Event {
    /** Its creation is approved, or needs no approval. */
    RELEASE,
    /** Its creation is refused. */
    REJECT,
    /** Its request is withdrawn. */
    CANCEL,
    /**
     * Its requested change must be approved again: the approval lapsed or was taken back before anything was written.
     */
    REOPEN,
    /** Its update is approved, or needs no approval. */
    RELEASE_UPDATE,
    /** Its deletion is approved, or needs no approval. */
    RELEASE_DELETION,
    /** An update or deletion is refused or withdrawn. */
    REFUSE_CHANGE,
    /** The same for a cluster whose previous change failed. */
    REFUSE_CHANGE_OF_FAILED,
    /** An update is requested. */
    UPDATE(Permission.CLUSTER_UPDATE),
    /** A correction of a failed update is requested. */
    CORRECT(Permission.CLUSTER_UPDATE),
    /** Its deletion is requested. */
    DELETE(Permission.CLUSTER_DELETE),
    /** The target has finished the change. */
    FINISH,
    /** The change failed permanently. */
    FAIL,
    /** A failed creation is resumed. */
    RESUME_CREATION(Permission.CLUSTER_RETRY),
    /** A failed update is resumed. */
    RESUME_UPDATE(Permission.CLUSTER_RETRY),
    /** A failed deletion is resumed. */
    RESUME_DELETION(Permission.CLUSTER_RETRY);

    private final Optional<Permission> permission;

    ClusterEvent() {
        this.permission = Optional.empty();
    }

    ClusterEvent(Permission permission) {
        this.permission = Optional.of(permission);
    }

    @Override
    public Optional<Permission> permission() {
        return permission;
    }

    /** @return the user-facing participle for what it does to a cluster, such as {@code updated} */
    String participle() {
        return switch (this) {
            case RELEASE, RELEASE_UPDATE, RELEASE_DELETION -> "released";
            case REJECT -> "rejected";
            case CANCEL, REFUSE_CHANGE, REFUSE_CHANGE_OF_FAILED -> "cancelled";
            case REOPEN -> "approved again";
            case UPDATE -> "updated";
            case CORRECT -> "corrected";
            case DELETE -> "deleted";
            case FINISH -> "finished";
            case FAIL -> "failed";
            case RESUME_CREATION, RESUME_UPDATE, RESUME_DELETION -> "retried";
        };
    }
}
