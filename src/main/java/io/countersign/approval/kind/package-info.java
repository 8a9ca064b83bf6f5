/**
 * Describes the requests that a module submits. A {@link RequestKind} bean is all that approvals, mails, pages and
 * metrics know about a kind.
 */
@org.springframework.modulith.NamedInterface("kind")
package io.countersign.approval.kind;
