package io.countersign.approval;

import com.fasterxml.jackson.annotation.JsonValue;
import io.countersign.api.problem.NotFound;
import java.util.UUID;

/** Identifies an approval. */
public record ApprovalId(@JsonValue UUID value) {

    /** @return a new id */
    public static ApprovalId random() {
        return new ApprovalId(UUID.randomUUID());
    }

    /**
     * @param text the caller's input
     * @return the id
     * @throws NotFound if it is no UUID, since nothing has such an id
     */
    public static ApprovalId parse(String text) {
        try {
            return new ApprovalId(UUID.fromString(text));
        } catch (IllegalArgumentException e) {
            throw new NotFound("approval", text);
        }
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
