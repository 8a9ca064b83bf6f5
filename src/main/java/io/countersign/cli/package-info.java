/**
 * The command line: a client of the REST API like any other. It knows the server by its documented JSON alone, starts
 * no framework and depends on no other package but the plain {@code chain}, so that it answers at once.
 */
@org.springframework.modulith.ApplicationModule(allowedDependencies = "chain")
package io.countersign.cli;
