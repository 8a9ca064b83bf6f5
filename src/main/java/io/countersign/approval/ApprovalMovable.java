package io.countersign.approval;

/**
 * Published in the transaction in which it turns out that a stuck approval is stuck no longer.
 *
 * @param approval which approval
 */
public record ApprovalMovable(ApprovalId approval) {}
