package io.countersign.gateway;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How far an attachment is. */
public enum AttachmentStatus {
    /** A new attachment waits for approval. */
    PENDING_ATTACH,
    /** The detachment waits for approval. */
    PENDING_DETACH,
    /** All stages are passed; the route's next deployment carries it out. */
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

    /** @return whether nothing happens to it any more */
    public boolean ended() {
        return this == REJECTED || this == REMOVED;
    }

    /** @return the status of that name, or empty */
    public static Optional<AttachmentStatus> find(String wireName) {
        return Arrays.stream(values())
                .filter(status -> status.wireName().equals(wireName))
                .findFirst();
    }
}
