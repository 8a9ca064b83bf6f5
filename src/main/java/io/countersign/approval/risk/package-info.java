/** What makes a request risky, shown to the people who decide it. */
@org.springframework.modulith.NamedInterface("risk")
package io.countersign.approval.risk;
