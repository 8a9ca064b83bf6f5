/**
 * Deliveries: queued together with the change they report, sent after the commit, each attempt recorded, old ones
 * deleted.
 */
@org.springframework.modulith.NamedInterface("outbox")
package io.countersign.notification.outbox;
