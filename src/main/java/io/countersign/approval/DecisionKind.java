package io.countersign.approval;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The kinds of decisions. */
public enum DecisionKind {
    APPROVE,
    REJECT;

    /** @return the name in the database and in JSON */
    @JsonValue
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @return the constant with that name, or empty */
    public static Optional<DecisionKind> find(String wireName) {
        return Arrays.stream(values())
                .filter(constant -> constant.wireName().equals(wireName))
                .findFirst();
    }
}
