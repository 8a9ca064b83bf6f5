package io.countersign.cluster;

import io.countersign.identity.Permission;
import java.util.Optional;

/** What happens to a cluster. */
public enum ClusterEvent {
    /** Its creation is approved, or needs no approval. */
    RELEASE,
    /** Its creation is refused. */
    REJECT,
    /** Its request is withdrawn. */
    CANCEL,
    /** Its creation must be approved again: that lapsed or was taken back before anything was provisioned. */
    REOPEN,
    /** Somebody changes it. */
    UPDATE(Permission.CLUSTER_UPDATE),
    /** Somebody corrects an update that failed. */
    CORRECT(Permission.CLUSTER_UPDATE),
    /** Somebody deletes it. */
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

    /** @return what a person needs to cause it; empty if only the process does */
    public Optional<Permission> permission() {
        return permission;
    }

    /** @return what it does to a cluster, for a person, such as {@code updated} */
    String participle() {
        return switch (this) {
            case RELEASE -> "released";
            case REJECT -> "rejected";
            case CANCEL -> "cancelled";
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
