/** Windows in which nothing approved is carried out. */
@org.springframework.modulith.NamedInterface("freeze")
package io.countersign.approval.freeze;
