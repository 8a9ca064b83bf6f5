/**
 * Domains, routes, clients and attachments: change requests, approval, and deployment as Gateway API objects. This
 * module's rows are the source of truth; processes only carry ids.
 */
@org.springframework.modulith.ApplicationModule(
        allowedDependencies = {
            "api",
            "approval",
            "approval :: kind",
            "approval :: policy",
            "approval :: preview",
            "approval :: requests",
            "approval :: wording",
            "audit",
            "change",
            "engine :: process",
            "identity",
            "identity :: membership",
            "identity :: namespace",
            "identity :: project",
            "notification",
            "notification :: outbox",
            "target",
            "transaction"
        })
package io.countersign.gateway;
