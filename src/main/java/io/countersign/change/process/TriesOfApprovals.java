package io.countersign.change.process;

import io.countersign.api.FailedTry;
import io.countersign.approval.Approval;
import io.countersign.approval.ApprovalId;
import io.countersign.approval.ApprovalStatus;
import io.countersign.approval.requests.CarryingOutTries;
import io.countersign.change.CarryingOut;
import io.countersign.change.FailedTries;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** Finds the failed attempts to carry out approved requests. */
@Component
class TriesOfApprovals implements CarryingOutTries {

    private final CarryingOut carryingOut;
    private final FailedTries tries;

    TriesOfApprovals(CarryingOut carryingOut, FailedTries tries) {
        this.carryingOut = carryingOut;
        this.tries = tries;
    }

    @Override
    public Map<ApprovalId, FailedTry> of(Collection<Approval> approvals) {
        List<Approval> approved = approvals.stream()
                .filter(approval -> approval.status() == ApprovalStatus.APPROVED)
                .toList();
        if (approved.isEmpty() || !tries.any()) {
            return Map.of();
        }
        Map<ApprovalId, UUID> subjects = new HashMap<>();
        approved.forEach(
                approval -> carryingOut.subjectOf(approval).ifPresent(subject -> subjects.put(approval.id(), subject)));
        Map<UUID, FailedTry> failed = tries.of(subjects.values());
        Map<ApprovalId, FailedTry> found = new HashMap<>();
        subjects.forEach((approval, subject) -> {
            if (failed.containsKey(subject)) {
                found.put(approval, failed.get(subject));
            }
        });
        return found;
    }
}
