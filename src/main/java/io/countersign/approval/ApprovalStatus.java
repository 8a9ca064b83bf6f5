package io.countersign.approval;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * How far an approval is. Rejected and cancelled are final; what is approved and not carried out yet may be cancelled,
 * and is pending again if it lapses.
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

    /** @return the constant of that name, or empty */
    public static Optional<ApprovalStatus> find(String wireName) {
        return Arrays.stream(values())
                .filter(constant -> constant.wireName().equals(wireName))
                .findFirst();
    }
}
