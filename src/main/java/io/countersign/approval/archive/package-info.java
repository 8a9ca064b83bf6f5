/** Requests that ended long ago, kept apart. */
@org.springframework.modulith.NamedInterface("archive")
package io.countersign.approval.archive;
