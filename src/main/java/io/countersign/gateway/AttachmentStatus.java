package io.countersign.gateway;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The status of an attachment. */
public enum AttachmentStatus {
    /** A new attachment waits for approval. */
    PENDING_ATTACH,
    /** The detachment waits for approval. */
    PENDING_DETACH,
    /** All stages are approved; the route's next deployment carries it out. */
    APPROVED,
    /** The route is deployed with this client. */
    ACTIVE,
    /** It was refused. */
    REJECTED,
    /** The client is detached, or the route is gone. */
    REMOVED;

    /** @return the name in the database and in JSON */
    @JsonValue
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @return whether the status is final */
    public boolean ended() {
        return this == REJECTED || this == REMOVED;
    }

    /** @return the status with that name, or empty */
    public static Optional<AttachmentStatus> find(String wireName) {
        return Arrays.stream(values())
                .filter(status -> status.wireName().equals(wireName))
                .findFirst();
    }
}
