/** Requests as rows. */
@org.springframework.modulith.NamedInterface("store")
package io.countersign.approval.store;
