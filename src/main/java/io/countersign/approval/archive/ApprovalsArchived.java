package io.countersign.approval.archive;

import io.countersign.approval.ApprovalId;
import java.util.List;

/**
 * Published when finished requests are about to be archived, in the transaction that moves them: listeners delete their
 * rows that refer to these requests.
 *
 * @param approvals the requests
 */
public record ApprovalsArchived(List<ApprovalId> approvals) {

    /** Copies the list. */
    public ApprovalsArchived {
        approvals = List.copyOf(approvals);
    }
}
