package io.countersign.tenant;

import static io.countersign.change.Lifecycle.line;

import io.countersign.api.problem.Conflict;
import io.countersign.api.problem.ErrorCode;
import io.countersign.change.Lifecycle;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The lifecycle as one table. It guards every change, determines a page's buttons, and a test compares it with
 * docs/tenants.md.
 */
public final class TenantLifecycle {

    /** Every valid transition; any other is refused. */
    public static final Lifecycle<TenantStatus, TenantEvent> TABLE = new Lifecycle<>(
            List.of(
                    line(TenantStatus.PENDING_APPROVAL, TenantEvent.APPROVE, TenantStatus.ACTIVE),
                    line(TenantStatus.PENDING_APPROVAL, TenantEvent.REJECT, TenantStatus.REJECTED),
                    line(TenantStatus.ACTIVE, TenantEvent.SUSPEND, TenantStatus.SUSPENDED),
                    line(TenantStatus.SUSPENDED, TenantEvent.REACTIVATE, TenantStatus.ACTIVE)),
            TenantLifecycle::refusal);

    private TenantLifecycle() {}

    private static Conflict refusal(TenantStatus from, TenantEvent event) {
        List<TenantEvent> valid = TABLE.possibleIn(from);
        return new Conflict(
                ErrorCode.INVALID_TRANSITION,
                "A tenant that is " + from.wireName() + " cannot take \"" + event.wireName() + "\". "
                        + (valid.isEmpty()
                                ? "No event is valid any more: its orchestrator must register it again."
                                : "Valid now: "
                                        + valid.stream()
                                                .map(TenantEvent::wireName)
                                                .collect(Collectors.joining(", ")) + "."));
    }
}
