package io.countersign.approval;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * The name of a kind of thing whose changes need approval.
 *
 * @param wireName the name in the database, in paths and in JSON, such as {@code client_attachment}
 */
public record EntityType(@JsonValue String wireName) {

    /** @throws IllegalArgumentException if the name is missing */
    @JsonCreator
    public EntityType {
        if (wireName == null || wireName.isBlank()) {
            throw new IllegalArgumentException("A kind of thing needs a name");
        }
    }
}
