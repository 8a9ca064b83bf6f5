/** Statistics about requests for other modules: their durations, those that wait and those that are stuck. */
@org.springframework.modulith.NamedInterface("figures")
package io.countersign.approval.figures;
