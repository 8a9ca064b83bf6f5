/**
 * Carrying approved changes out: what must hold in the transaction that touches the target, and what the engine's jobs
 * tell of it. Knows no kind of thing; the modules whose things are changed say what is theirs.
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
