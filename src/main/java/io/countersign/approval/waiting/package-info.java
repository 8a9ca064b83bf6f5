/** Requests that wait: reminders, escalation, expiry, and requests that nobody can decide. */
@org.springframework.modulith.NamedInterface("waiting")
package io.countersign.approval.waiting;
