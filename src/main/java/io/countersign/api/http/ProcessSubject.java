package io.countersign.api.http;

import io.countersign.api.problem.InvalidInput;
import java.util.UUID;

/** Reads from a process variable what a process is about. */
public final class ProcessSubject {

    private ProcessSubject() {}

    /**
     * @param value what the variable holds
     * @param variable its name
     * @param resource the resource that starts the process instead, such as {@code POST /api/v1/tenants}
     * @return the id
     * @throws InvalidInput if the variable holds none, as in a process started directly at the engine
     */
    public static UUID id(Object value, String variable, String resource) {
        try {
            if (value instanceof String text) {
                return UUID.fromString(text);
            }
        } catch (IllegalArgumentException e) {
            // Answered below, like any other value.
        }
        throw new InvalidInput(
                variable,
                "must be the id of what the process is about. Countersign starts this process itself: use " + resource);
    }
}
