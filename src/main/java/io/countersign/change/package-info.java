/**
 * Carries out approved changes: the conditions in the transaction that touches the target, and what the engine's jobs
 * report about it. Independent of kinds of things; the modules that own them plug in their own part.
 */
@org.springframework.modulith.ApplicationModule(
        allowedDependencies = {
            "api",
            "approval",
            "approval :: freeze",
            "approval :: kind",
            "approval :: requests",
            "engine :: jobs",
            "engine :: process",
            "identity",
            "identity :: membership",
            "notification",
            "notification :: outbox",
            "target"
        })
package io.countersign.change;
