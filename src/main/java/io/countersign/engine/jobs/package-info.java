/** How jobs are run, unlocked, retried and given up. */
@org.springframework.modulith.NamedInterface("jobs")
package io.countersign.engine.jobs;
