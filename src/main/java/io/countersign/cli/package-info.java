/**
 * The command line: a client of the REST API like any other. It knows the server only through its documented JSON, uses
 * no framework and depends on no other package except the plain {@code chain}, so that it starts fast.
 */
@org.springframework.modulith.ApplicationModule(allowedDependencies = "chain")
package io.countersign.cli;
