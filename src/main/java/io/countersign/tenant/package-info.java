/**
 * Orchestrators, the tenants that they register, the tenants' lifecycle, and the feature flags that orchestrators
 * fetch.
 */
@org.springframework.modulith.ApplicationModule(
        allowedDependencies = {
            "api",
            "approval",
            "approval :: deciding",
            "approval :: kind",
            "approval :: policy",
            "approval :: requests",
            "audit",
            "change",
            "embedded",
            "identity",
            "identity :: membership",
            "identity :: people",
            "identity :: signin",
            "identity :: throttle",
            "notification",
            "notification :: mail",
            "notification :: webhook"
        })
package io.countersign.tenant;
