package io.countersign.approval;

import com.fasterxml.jackson.annotation.JsonValue;
import io.countersign.api.problem.NotFound;
import java.util.UUID;

/** Identifies a stage of an approval. */
public record StageId(@JsonValue UUID value) {

    /**
     * @param text the caller's input
     * @return the id
     * @throws NotFound if it is no UUID, since nothing has such an id
     */
    public static StageId parse(String text) {
        try {
            return new StageId(UUID.fromString(text));
        } catch (IllegalArgumentException e) {
            throw new NotFound("stage", text);
        }
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
