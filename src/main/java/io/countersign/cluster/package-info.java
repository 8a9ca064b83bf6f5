/**
 * Clusters: request, approval, provisioning, update and deletion. This module's rows are the source of truth; processes
 * only carry a cluster's id.
 */
@org.springframework.modulith.ApplicationModule(
        allowedDependencies = {
            "api",
            "approval",
            "approval :: kind",
            "approval :: policy",
            "approval :: preview",
            "approval :: requests",
            "audit",
            "change",
            "engine :: process",
            "identity",
            "identity :: membership",
            "identity :: namespace",
            "notification",
            "notification :: outbox",
            "target"
        })
package io.countersign.cluster;
