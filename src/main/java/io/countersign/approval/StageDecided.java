package io.countersign.approval;

/**
 * Published when a decision is recorded, in its transaction.
 *
 * @param approval the request as it was before the decision
 * @param decision what was decided
 * @param outcome what the request is after it: pending while more decisions are needed
 */
public record StageDecided(Approval approval, Decision decision, ApprovalStatus outcome) {}
