/**
 * The embedded Camunda engine: its models, identity bridge, authorizations, jobs and web applications. Each package
 * configures its part of the engine through its own plug-in.
 */
@org.springframework.modulith.ApplicationModule(
        allowedDependencies = {
            "api",
            "audit",
            "identity",
            "identity :: groups",
            "identity :: membership",
            "identity :: people",
            "identity :: signin",
            "resilience"
        })
package io.countersign.engine;
