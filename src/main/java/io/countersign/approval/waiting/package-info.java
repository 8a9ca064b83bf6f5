/** Requests that wait: reminders, escalation, expiry, and requests that no one can decide. */
@org.springframework.modulith.NamedInterface("waiting")
package io.countersign.approval.waiting;
