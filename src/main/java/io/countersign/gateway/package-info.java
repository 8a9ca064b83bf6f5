/**
 * Domains, routes, clients and attachments: change requests, approval, and deployment as Gateway API objects. The rows
 * of this module are the truth; processes hold ids.
 */
@org.springframework.modulith.ApplicationModule(
        allowedDependencies = {
            "api",
            "audit",
            "identity",
            "approval",
            "change",
            "notification",
            "target",
            "engine",
            "transaction"
        })
package io.countersign.gateway;
