package io.countersign.approval;

import io.countersign.identity.UserId;

/**
 * Published in the transaction in which somebody takes back an approval.
 *
 * @param approval which approval
 * @param stageOrder which stage, from 1; it is open again
 * @param decision what stood until now
 * @param by who took it back
 * @param reason why
 */
public record ApprovalTakenBack(ApprovalId approval, int stageOrder, Decision decision, UserId by, String reason) {}
