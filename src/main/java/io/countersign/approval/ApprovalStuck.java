package io.countersign.approval;

/**
 * Published in the transaction in which it turns out that nobody can decide an approval's open stage, or that nobody
 * was told who can.
 *
 * @param approval which approval
 * @param reason why
 */
public record ApprovalStuck(ApprovalId approval, String reason) {}
