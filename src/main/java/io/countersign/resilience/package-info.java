/**
 * Keeps the server useful while something is away: what instances on one database know of each other, quick and clear
 * answers while the database is away or too much is asked at once, and a start and a stop that lose nothing.
 */
@org.springframework.modulith.ApplicationModule(allowedDependencies = {"api"})
package io.countersign.resilience;
