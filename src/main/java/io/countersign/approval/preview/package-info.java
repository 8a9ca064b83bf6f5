/** What carrying out a request would change in the target. */
@org.springframework.modulith.NamedInterface("preview")
package io.countersign.approval.preview;
