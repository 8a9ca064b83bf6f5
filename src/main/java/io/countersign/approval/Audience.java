package io.countersign.approval;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The eligible deciders whom a request's policy asks to decide. Those who are not asked may still decide. */
public enum Audience {
    /** Everyone, regardless of their number. */
    ALL,
    /** Members of the submitter's team, in a project. */
    TEAM,
    /** The people who last decided such requests. */
    LAST_DECIDERS;

    /** @return the name in policies and in the database, such as {@code last_deciders} */
    @JsonValue
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @return the constant with that name, or empty */
    public static Optional<Audience> find(String wireName) {
        return Arrays.stream(values())
                .filter(audience -> audience.wireName().equals(wireName))
                .findFirst();
    }
}
