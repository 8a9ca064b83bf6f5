/**
 * The server-rendered pages. Controllers contain no rules: they ask the services whether something is allowed, show the
 * answer, and pass people's actions on to them.
 */
@org.springframework.modulith.ApplicationModule(
        allowedDependencies = {
            "api",
            "approval",
            "approval :: archive",
            "approval :: deciding",
            "approval :: discussion",
            "approval :: figures",
            "approval :: freeze",
            "approval :: kind",
            "approval :: policy",
            "approval :: preview",
            "approval :: requests",
            "approval :: risk",
            "approval :: rules",
            "approval :: wording",
            "audit",
            "change",
            "cluster",
            "embedded",
            "engine :: diagram",
            "gateway",
            "identity",
            "identity :: delegation",
            "identity :: members",
            "identity :: membership",
            "identity :: organization",
            "identity :: people",
            "identity :: project",
            "identity :: throttle",
            "insights",
            "notification :: channel",
            "notification :: outbox",
            "notification :: settings",
            "operations",
            "resilience",
            "tenant",
            "tenant :: feature",
            "tenant :: orchestrator"
        })
package io.countersign.console;
