package io.countersign.approval;

import java.time.Instant;

/**
 * Published when the people who may decide an open stage, or the submitter who is to answer, are to be reminded.
 *
 * @param approval which approval
 * @param at when
 */
public record ApproversReminded(ApprovalId approval, Instant at) {}
