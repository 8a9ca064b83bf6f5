/**
 * What operators need: metrics, traces and ids in the log, running instances, and what is stuck or failed and how to
 * retry it.
 */
@org.springframework.modulith.ApplicationModule(
        allowedDependencies = {
            "api",
            "approval",
            "approval :: figures",
            "approval :: kind",
            "approval :: requests",
            "audit",
            "engine :: jobs",
            "identity",
            "identity :: people",
            "notification :: channel",
            "notification :: outbox",
            "resilience"
        })
package io.countersign.operations;
