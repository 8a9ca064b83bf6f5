/** Comments on requests. */
@org.springframework.modulith.NamedInterface("discussion")
package io.countersign.approval.discussion;
