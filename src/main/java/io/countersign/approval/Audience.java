package io.countersign.approval;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Who of those who may decide a request is asked to, as its policy says. All of them may, whoever is asked. */
public enum Audience {
    /** Everybody, however many they are. */
    ALL,
    /** Those of the submitter's team, in a project. */
    TEAM,
    /** Those who decided such requests last. */
    LAST_DECIDERS;

    /** @return the name in policies and in the database, such as {@code last_deciders} */
    @JsonValue
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @return the constant of that name, or empty */
    public static Optional<Audience> find(String wireName) {
        return Arrays.stream(values())
                .filter(audience -> audience.wireName().equals(wireName))
                .findFirst();
    }
}
