package io.countersign.approval;

/**
 * Published in the transaction that approves, rejects or cancels a request that was pending, or cancels one that was
 * approved and not yet carried out.
 *
 * @param approval which approval
 * @param status what it is now
 */
public record ApprovalClosed(ApprovalId approval, ApprovalStatus status) {}
