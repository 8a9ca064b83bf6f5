/** The embedded Camunda engine: its configuration, identity bridge, authorizations and web applications. */
@org.springframework.modulith.ApplicationModule(
        allowedDependencies = {"api", "audit", "identity", "identity :: signin", "resilience"})
package io.countersign.engine;
