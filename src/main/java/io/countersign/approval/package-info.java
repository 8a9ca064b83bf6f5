/**
 * Policies, stages, rules and decisions: the only way to an approval. A domain submits a request and its process calls
 * {@code approval-stages}; this module knows no domain.
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
