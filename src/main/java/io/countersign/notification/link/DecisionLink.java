package io.countersign.notification.link;

import io.countersign.approval.ApprovalId;
import io.countersign.approval.DecisionKind;
import io.countersign.identity.UserId;

/**
 * The meaning of a mailed link: one decision of one person on one stage.
 *
 * @param approval the approval
 * @param stageOrder the stage, from 1
 * @param user its recipient, the only person who may use it
 * @param decision approve or reject
 * @param used whether this link, or the other one in the same mail, was used for the decision
 */
public record DecisionLink(ApprovalId approval, int stageOrder, UserId user, DecisionKind decision, boolean used) {}
