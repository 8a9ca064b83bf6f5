package io.countersign.approval.requests;

import io.countersign.api.FailedTry;
import io.countersign.approval.Approval;
import io.countersign.approval.ApprovalId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reports failed attempts to carry out approved requests. */
public interface CarryingOutTries {

    /** @return the requests whose last attempt failed, with that attempt */
    Map<ApprovalId, FailedTry> of(Collection<Approval> approvals);

    /** @return the last attempt to carry out a request, if it failed */
    default Optional<FailedTry> of(Approval approval) {
        return Optional.ofNullable(of(List.of(approval)).get(approval.id()));
    }
}
