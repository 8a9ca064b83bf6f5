/** Stand-ins for absent people. */
@org.springframework.modulith.NamedInterface("delegation")
package io.countersign.identity.delegation;
