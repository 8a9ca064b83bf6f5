package io.countersign.approval.ledger;

import io.countersign.approval.Approval;
import io.countersign.approval.ApprovalId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The approvals whose rows the current transaction holds. Nobody else changes them before it ends, so what was read
 * once stays true until this transaction writes: a process asks about its approval at every gateway.
 */
final class HeldApprovals implements TransactionSynchronization {

    private final Map<ApprovalId, Optional<Approval>> held = new HashMap<>();

    private HeldApprovals() {}

    /** Notes that the current transaction holds an approval, as read after it was locked or not read yet. */
    static void hold(ApprovalId id, Optional<Approval> approval) {
        HeldApprovals current = current().orElseGet(() -> {
            HeldApprovals begun = new HeldApprovals();
            TransactionSynchronizationManager.bindResource(HeldApprovals.class, begun);
            TransactionSynchronizationManager.registerSynchronization(begun);
            return begun;
        });
        current.held.put(id, approval);
    }

    /** @return whether the current transaction holds an approval */
    static boolean holds(ApprovalId id) {
        return current().filter(current -> current.held.containsKey(id)).isPresent();
    }

    /** @return the approval as it was read, if the current transaction holds it and has not written since */
    static Optional<Approval> find(ApprovalId id) {
        return current().flatMap(current -> current.held.getOrDefault(id, Optional.empty()));
    }

    /** Notes what was read of an approval, if the current transaction holds it. */
    static void read(ApprovalId id, Approval approval) {
        current().filter(current -> current.held.containsKey(id)).ifPresent(current -> hold(id, Optional.of(approval)));
    }

    /** Notes that the current transaction wrote: everything is to be read anew. */
    static void written() {
        current().ifPresent(current -> current.held.replaceAll((id, approval) -> Optional.empty()));
    }

    private static Optional<HeldApprovals> current() {
        return Optional.ofNullable((HeldApprovals) TransactionSynchronizationManager.getResource(HeldApprovals.class));
    }

    @Override
    public void suspend() {
        TransactionSynchronizationManager.unbindResource(HeldApprovals.class);
    }

    @Override
    public void resume() {
        TransactionSynchronizationManager.bindResource(HeldApprovals.class, this);
    }

    @Override
    public void afterCompletion(int status) {
        TransactionSynchronizationManager.unbindResourceIfPossible(HeldApprovals.class);
    }
}
