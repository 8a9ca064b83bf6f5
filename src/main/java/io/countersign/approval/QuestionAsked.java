package io.countersign.approval;

/**
 * Published in the transaction in which an approver hands a request back to its submitter.
 *
 * @param approval which approval
 * @param question what they want to know
 */
public record QuestionAsked(ApprovalId approval, Question question) {}
