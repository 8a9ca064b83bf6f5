package io.countersign.approval;

import java.time.Instant;

/**
 * Published when an open stage waited so long that the group which its policy names is asked too.
 *
 * @param approval which approval
 * @param at when
 */
public record StageEscalated(ApprovalId approval, Instant at) {}
