package io.countersign.notification.link;

import io.countersign.approval.ApprovalId;
import io.countersign.approval.DecisionKind;
import io.countersign.identity.UserId;

/**
 * What a mailed link stands for: one decision of one person on one stage.
 *
 * @param approval which approval
 * @param stageOrder which of its stages, from 1
 * @param user whom it was mailed to, and who alone may use it
 * @param decision approve or reject
 * @param used whether it, or the one mailed with it, took the decision
 */
public record DecisionLink(ApprovalId approval, int stageOrder, UserId user, DecisionKind decision, boolean used) {}
