/**
 * What a module says of the requests that it submits. A {@link RequestKind} bean is all that approvals, mails, pages
 * and metrics know of a kind.
 */
@org.springframework.modulith.NamedInterface("kind")
package io.countersign.approval.kind;
