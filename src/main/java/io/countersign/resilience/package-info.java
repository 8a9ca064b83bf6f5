/**
 * Keeps the server useful during outages and overload: coordination of the instances on one database, quick and clear
 * refusals, and a start and stop that lose nothing.
 */
@org.springframework.modulith.ApplicationModule(allowedDependencies = {"api"})
package io.countersign.resilience;
