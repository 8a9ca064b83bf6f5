/** Classes that break the rules of {@link io.countersign.ArchitectureTest} on purpose. Nothing uses them. */
package io.countersign.offenders;
