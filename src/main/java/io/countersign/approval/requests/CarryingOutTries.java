package io.countersign.approval.requests;

import io.countersign.api.FailedTry;
import io.countersign.approval.Approval;
import io.countersign.approval.ApprovalId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whoever carries approved requests out, as far as it is known whether that works. */
public interface CarryingOutTries {

    /** @return those of the requests whose carrying out failed at its last try */
    Map<ApprovalId, FailedTry> of(Collection<Approval> approvals);

    /** @return the last try to carry a request out, if that failed */
    default Optional<FailedTry> of(Approval approval) {
        return Optional.ofNullable(of(List.of(approval)).get(approval.id()));
    }
}
