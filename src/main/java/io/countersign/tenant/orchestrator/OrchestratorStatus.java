package io.countersign.tenant.orchestrator;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Whether an orchestrator may still call. Deprovisioning is final: it must be provisioned again, with a new secret. */
public enum OrchestratorStatus {
    ACTIVE,
    DEPROVISIONED;

    /** @return the name in the database and in JSON */
    @JsonValue
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
