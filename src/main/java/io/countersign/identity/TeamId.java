package io.countersign.identity;

import com.fasterxml.jackson.annotation.JsonValue;

/**
 * A project's team.
 *
 * @param value unique within the project
 */
public record TeamId(@JsonValue String value) {

    @Override
    public String toString() {
        return value;
    }
}
