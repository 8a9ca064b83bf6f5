package io.countersign.approval;

/**
 * Published in the transaction that cancels a pending request whose process an administrator ended. Whoever listens
 * does what the process would have done at its end, unless it is done already.
 *
 * @param approval which approval
 */
public record CancelledWithoutProcess(ApprovalId approval) {}
