package io.countersign.approval;

/**
 * Published in the transaction in which an approval lapses that was not carried out in time. It is pending again.
 *
 * @param approval which approval
 * @param reason why, for a person
 */
public record ApprovalLapsed(ApprovalId approval, String reason) {}
