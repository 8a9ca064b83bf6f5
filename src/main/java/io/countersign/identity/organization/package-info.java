/** Organizations. */
@org.springframework.modulith.NamedInterface("organization")
package io.countersign.identity.organization;
