package io.countersign.approval;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How far an approval is. Every status but pending is final. */
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
