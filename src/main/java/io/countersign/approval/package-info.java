/**
 * Policies, stages, rules and decisions: the one door. A domain submits what is to be approved and lets its process
 * call {@code approval-stages}; this module knows no domain.
 */
@org.springframework.modulith.ApplicationModule(
        allowedDependencies = {
            "api",
            "audit",
            "engine :: jobs",
            "engine :: process",
            "identity",
            "identity :: delegation",
            "identity :: membership",
            "identity :: people",
            "identity :: project",
            "transaction"
        })
package io.countersign.approval;
