package io.countersign.gateway;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The status of a route. */
public enum RouteStatus {
    /** A new route waits for approval. */
    PENDING_CREATE,
    /** An update waits for approval. */
    PENDING_UPDATE,
    /** The deletion waits for approval. */
    PENDING_DELETE,
    /** All stages are approved; it can be deployed. */
    APPROVED,
    /** Its deployment is under way, or failed and waits for a retry. */
    PENDING_DEPLOY,
    /** It is deployed. */
    ACTIVE,
    /** Its creation was refused. */
    REJECTED;

    /** @return the name in the database and in JSON */
    @JsonValue
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @return the status with that name, or empty */
    public static Optional<RouteStatus> find(String wireName) {
        return Arrays.stream(values())
                .filter(status -> status.wireName().equals(wireName))
                .findFirst();
    }
}
