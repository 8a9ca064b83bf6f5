package io.countersign.tenant.orchestrator;

import com.fasterxml.jackson.annotation.JsonValue;
import io.countersign.api.problem.NotFound;
import java.util.UUID;

/** Identifies an orchestrator. */
public record OrchestratorId(@JsonValue UUID value) {

    /** @return a new id */
    public static OrchestratorId random() {
        return new OrchestratorId(UUID.randomUUID());
    }

    /**
     * @param text the caller's input
     * @return the id
     * @throws NotFound if it is not a UUID, because nothing has such an id
     */
    public static OrchestratorId parse(String text) {
        try {
            return new OrchestratorId(UUID.fromString(text));
        } catch (IllegalArgumentException e) {
            throw new NotFound("orchestrator", text);
        }
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
