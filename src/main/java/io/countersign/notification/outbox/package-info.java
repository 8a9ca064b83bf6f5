/** Deliveries: queued with what they tell of, sent after the commit, each attempt recorded, old ones deleted. */
@org.springframework.modulith.NamedInterface("outbox")
package io.countersign.notification.outbox;
