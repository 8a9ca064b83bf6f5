/** Figures about how approvals go: how long decisions take, what waits and for how long, what is stuck or failed. */
@org.springframework.modulith.ApplicationModule(
        allowedDependencies = {
            "api",
            "approval",
            "approval :: figures",
            "identity",
            "identity :: membership",
            "operations"
        })
package io.countersign.insights;
