package io.countersign.cluster;

import io.countersign.change.Lifecycle;
import io.countersign.identity.Permission;
import java.util.Optional;

/** What happens to a cluster. */
public enum ClusterEvent implements Lifecycle.Event {
    /** Its creation is approved, or needs no approval. */
    RELEASE,
    /** Its creation is refused. */
    REJECT,
    /** Its request is withdrawn. */
    CANCEL,
    /** What is asked of it must be approved again: that lapsed or was taken back before anything was written. */
    REOPEN,
    /** Its update is approved, or needs no approval. */
    RELEASE_UPDATE,
    /** Its deletion is approved, or needs no approval. */
    RELEASE_DELETION,
    /** An update or deletion is refused or withdrawn. */
    REFUSE_CHANGE,
    /** The same for a cluster whose change before that failed. */
    REFUSE_CHANGE_OF_FAILED,
    /** Somebody asks to change it. */
    UPDATE(Permission.CLUSTER_UPDATE),
    /** Somebody asks to correct an update that failed. */
    CORRECT(Permission.CLUSTER_UPDATE),
    /** Somebody asks to delete it. */
    DELETE(Permission.CLUSTER_DELETE),
    /** The target is done with the change. */
    FINISH,
    /** The change failed for the last time. */
    FAIL,
    /** A failed creation goes on. */
    RESUME_CREATION(Permission.CLUSTER_RETRY),
    /** A failed update goes on. */
    RESUME_UPDATE(Permission.CLUSTER_RETRY),
    /** A failed deletion goes on. */
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

    /** @return what it does to a cluster, for a person, such as {@code updated} */
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
