package io.countersign.tenant;

import io.countersign.api.problem.Conflict;
import io.countersign.api.problem.ErrorCode;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The lifecycle as one table (tenant-approval page, "Tenant Lifecycle"). It guards every change, says which buttons a
 * page has, and is what the documentation and a test list.
 */
public final class TenantLifecycle {

    /**
     * One arrow of the diagram.
     *
     * @param from where a tenant is
     * @param event what happens
     * @param to where it is then
     * @param by who makes it happen
     */
    public record Transition(TenantStatus from, TenantEvent event, TenantStatus to, String by) {}

    /** Every valid transition; any other is refused. */
    public static final List<Transition> TRANSITIONS = List.of(
            new Transition(TenantStatus.PENDING_APPROVAL, TenantEvent.APPROVE, TenantStatus.ACTIVE, "the approval"),
            new Transition(TenantStatus.PENDING_APPROVAL, TenantEvent.REJECT, TenantStatus.REJECTED, "the approval"),
            new Transition(TenantStatus.ACTIVE, TenantEvent.SUSPEND, TenantStatus.SUSPENDED, "a superadmin"),
            new Transition(TenantStatus.SUSPENDED, TenantEvent.REACTIVATE, TenantStatus.ACTIVE, "a superadmin"));

    private TenantLifecycle() {}

    /** @return the events that a tenant of this status takes, in the table's order */
    public static List<TenantEvent> validIn(TenantStatus status) {
        return TRANSITIONS.stream()
                .filter(transition -> transition.from() == status)
                .map(Transition::event)
                .toList();
    }

    /**
     * @return the status that the event leads to
     * @throws Conflict with {@code invalid_transition}, naming what is valid now, if the table has no such row
     */
    public static TenantStatus next(TenantStatus from, TenantEvent event) {
        return TRANSITIONS.stream()
                .filter(transition -> transition.from() == from && transition.event() == event)
                .map(Transition::to)
                .findFirst()
                .orElseThrow(() -> new Conflict(ErrorCode.INVALID_TRANSITION, refusal(from, event)));
    }

    private static String refusal(TenantStatus from, TenantEvent event) {
        List<TenantEvent> valid = validIn(from);
        return "A tenant that is " + from.wireName() + " cannot take \"" + event.wireName() + "\". "
                + (valid.isEmpty()
                        ? "No event is valid any more: its orchestrator must register it again."
                        : "Valid now: "
                                + valid.stream().map(TenantEvent::wireName).collect(Collectors.joining(", ")) + ".");
    }
}
