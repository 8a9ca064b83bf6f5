/** Deciding a stage: the API for clients and the recorder for the task listener. */
@org.springframework.modulith.NamedInterface("deciding")
package io.countersign.approval.deciding;
