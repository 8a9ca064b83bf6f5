/** Requests from submission to the end: submit, read, cancel, release, carry out. */
@org.springframework.modulith.NamedInterface("requests")
package io.countersign.approval.requests;
