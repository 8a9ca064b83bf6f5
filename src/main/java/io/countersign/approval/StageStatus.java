package io.countersign.approval;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The status of a stage. Stages after a rejected one stay pending. */
public enum StageStatus {
    PENDING,
    APPROVED,
    REJECTED;

    /** @return the name in the database and in JSON */
    @JsonValue
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @return the constant with that name, or empty */
    public static Optional<StageStatus> find(String wireName) {
        return Arrays.stream(values())
                .filter(constant -> constant.wireName().equals(wireName))
                .findFirst();
    }
}
