package io.countersign.approval;

/**
 * Published in the transaction that opens a stage's user task.
 *
 * @param approval whose stage
 * @param order the stage's place, from 1
 */
public record StageOpened(ApprovalId approval, int order) {}
