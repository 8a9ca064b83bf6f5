package io.countersign.approval;

import java.util.UUID;

/**
 * Published in the transaction in which a question is answered or withdrawn.
 *
 * @param approval which approval
 * @param question which question
 */
public record QuestionClosed(ApprovalId approval, UUID question) {}
