package io.countersign.tenant;

import com.fasterxml.jackson.annotation.JsonValue;
import io.countersign.change.Lifecycle;
import java.util.Locale;

/** An event that changes a tenant's status. */
public enum TenantEvent implements Lifecycle.Event {
    /** The approval is given in full, or none is needed. */
    APPROVE,
    /** The approval is refused. */
    REJECT,
    /** A superadmin disables the tenant temporarily. */
    SUSPEND,
    /** A superadmin enables it again. */
    REACTIVATE;

    /** @return the name in paths and in JSON */
    @JsonValue
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String who() {
        return switch (this) {
            case APPROVE, REJECT -> "the approval";
            case SUSPEND, REACTIVATE -> "a superadmin";
        };
    }
}
