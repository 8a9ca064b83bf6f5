package io.countersign.tenant;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** A tenant's status. */
public enum TenantStatus {
    /** Newly registered by an orchestrator, awaiting a superadmin's review. */
    PENDING_APPROVAL,
    /** Approved and fully operational. */
    ACTIVE,
    /** Temporarily disabled by a superadmin. */
    SUSPENDED,
    /** Registration denied; the orchestrator must register the tenant again. */
    REJECTED;

    /** @return the name in the database and in JSON */
    @JsonValue
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @return the constant of that name, or empty */
    public static Optional<TenantStatus> find(String wireName) {
        return Arrays.stream(values())
                .filter(constant -> constant.wireName().equals(wireName))
                .findFirst();
    }
}
