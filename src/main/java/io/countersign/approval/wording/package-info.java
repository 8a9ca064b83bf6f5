/** Fields, values and differences of a request in words, the same in mails and on pages. */
@org.springframework.modulith.NamedInterface("wording")
package io.countersign.approval.wording;
