package io.countersign.tenant;

import com.fasterxml.jackson.annotation.JsonValue;
import io.countersign.api.problem.NotFound;
import java.util.UUID;

/** Identifies one registration of a tenant. A tenant that was rejected and registered again has several. */
public record RegistrationId(@JsonValue UUID value) {

    /** @return a new id */
    public static RegistrationId random() {
        return new RegistrationId(UUID.randomUUID());
    }

    /**
     * @param text the caller's input
     * @return the id
     * @throws NotFound if it is not a UUID, because nothing has such an id
     */
    public static RegistrationId parse(String text) {
        try {
            return new RegistrationId(UUID.fromString(text));
        } catch (IllegalArgumentException e) {
            throw new NotFound("tenant", text);
        }
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
