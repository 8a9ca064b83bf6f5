package io.countersign.audit;

/**
 * Published with every entry of the trail, in its transaction.
 *
 * @param action what was done
 * @param entityType to what kind of thing
 * @param origin from where
 */
public record AuditRecorded(AuditAction action, String entityType, Origin origin) {}
