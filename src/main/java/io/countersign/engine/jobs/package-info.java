/** How jobs are run, freed, tried again and given up. */
@org.springframework.modulith.NamedInterface("jobs")
package io.countersign.engine.jobs;
