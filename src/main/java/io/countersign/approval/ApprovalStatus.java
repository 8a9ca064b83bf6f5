package io.countersign.approval;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * The status of an approval. Rejected and cancelled are final; an approved request that is not yet carried out may be
 * cancelled, and is pending again if it lapses.
 */
public enum ApprovalStatus {
    PENDING,
    APPROVED,
    REJECTED,
    CANCELLED;

    /** @return the name in the database and in JSON */
    @JsonValue
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @return the constant with that name, or empty */
    public static Optional<ApprovalStatus> find(String wireName) {
        return Arrays.stream(values())
                .filter(constant -> constant.wireName().equals(wireName))
                .findFirst();
    }
}
