package io.countersign.approval;

import com.fasterxml.jackson.annotation.JsonValue;
import io.countersign.identity.Scope;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The kinds of things whose changes are approved, and the kind of scope that each lives in. */
public enum EntityType {
    ROUTE(Scope.Type.PROJECT),
    CLIENT_ATTACHMENT(Scope.Type.PROJECT),
    CLUSTER(Scope.Type.ORGANIZATION),
    TENANT(Scope.Type.PLATFORM);

    private final Scope.Type scopeType;

    EntityType(Scope.Type scopeType) {
        this.scopeType = scopeType;
    }

    /** @return the kind of scope whose policy holds */
    public Scope.Type scopeType() {
        return scopeType;
    }

    /** @return the name in the database, in paths and in JSON */
    @JsonValue
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @return the type of that name, or empty */
    public static Optional<EntityType> find(String wireName) {
        return Arrays.stream(values())
                .filter(type -> type.wireName().equals(wireName))
                .findFirst();
    }
}
