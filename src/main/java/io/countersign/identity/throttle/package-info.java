/** Limits and records of failed sign-ins. */
@org.springframework.modulith.NamedInterface("throttle")
package io.countersign.identity.throttle;
