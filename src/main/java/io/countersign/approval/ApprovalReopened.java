package io.countersign.approval;

/**
 * Published in the transaction in which an approved request that nothing carried out is pending again: it lapsed, or an
 * approval of it was taken back. What went on to carry it out is called off.
 *
 * @param approval which approval
 * @param reason why, for a person
 */
public record ApprovalReopened(ApprovalId approval, String reason) {}
