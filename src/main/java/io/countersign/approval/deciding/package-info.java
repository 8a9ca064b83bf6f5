/** Deciding a stage: what clients call, and what the task listener records. */
@org.springframework.modulith.NamedInterface("deciding")
package io.countersign.approval.deciding;
