package io.countersign.audit;

/**
 * Published with every entry of the trail, in its transaction.
 *
 * @param action what was done, such as {@code deploy_failed}
 * @param entityType to what kind of thing
 * @param origin from where
 */
public record AuditRecorded(String action, String entityType, Origin origin) {}
