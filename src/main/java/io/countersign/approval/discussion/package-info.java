/** Comments beside the decisions. */
@org.springframework.modulith.NamedInterface("discussion")
package io.countersign.approval.discussion;
