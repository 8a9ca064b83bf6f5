package io.countersign.identity;

import com.fasterxml.jackson.annotation.JsonValue;

/**
 * A person's user name for sign-in, also their user id in the engine.
 *
 * @param value lower-case letters, digits, dots, dashes, underscores
 */
public record UserId(@JsonValue String value) implements Comparable<UserId> {

    @Override
    public int compareTo(UserId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
