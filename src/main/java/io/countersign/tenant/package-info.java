/**
 * Orchestrators, the tenants that they register, the tenants' lifecycle, and the feature flags that orchestrators fetch
 * (tenant-approval page; more-facts.md, "Tenants").
 */
@org.springframework.modulith.ApplicationModule(
        allowedDependencies = {
            "api",
            "audit",
            "identity",
            "identity :: signin",
            "approval",
            "change",
            "notification",
            "embedded"
        })
package io.countersign.tenant;
