/** What other modules count of requests: how long they took, what waits, what is stuck. */
@org.springframework.modulith.NamedInterface("figures")
package io.countersign.approval.figures;
