/**
 * Domains, routes, clients and attachments: change requests, approval, and deployment as Gateway API objects. The rows
 * of this module are the truth; processes hold ids.
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
