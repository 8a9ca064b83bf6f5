package io.countersign.identity;

import com.fasterxml.jackson.annotation.JsonValue;

/**
 * A team of a project.
 *
 * @param value unique within the project
 */
public record TeamId(@JsonValue String value) {

    @Override
    public String toString() {
        return value;
    }
}
