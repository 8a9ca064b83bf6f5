package io.countersign.audit;

/**
 * Published with every entry of the trail, in its transaction.
 *
 * @param action the action
 * @param entityType the subject's type
 * @param origin the origin
 */
public record AuditRecorded(AuditAction action, String entityType, Origin origin) {}
