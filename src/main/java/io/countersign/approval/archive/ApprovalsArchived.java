package io.countersign.approval.archive;

import io.countersign.approval.ApprovalId;
import java.util.List;

/**
 * Published when finished requests are about to leave for the archive, in the transaction that moves them: whoever
 * keeps rows that refer to them deletes these now.
 *
 * @param approvals the requests
 */
public record ApprovalsArchived(List<ApprovalId> approvals) {

    /** Copies the list. */
    public ApprovalsArchived {
        approvals = List.copyOf(approvals);
    }
}
