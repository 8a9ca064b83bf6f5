/**
 * Tells people what happens: topics, channels, subscriptions, mail and Slack, and the links in mails by which a person
 * decides. Messages are queued with what they tell of and sent afterwards, beside the engine, which goes on with what
 * fails, so that trouble with a mail server never blocks a decision.
 */
@org.springframework.modulith.ApplicationModule(
        allowedDependencies = {
            "api",
            "approval",
            "approval :: archive",
            "approval :: deciding",
            "approval :: discussion",
            "approval :: kind",
            "approval :: requests",
            "approval :: risk",
            "approval :: rules",
            "approval :: waiting",
            "approval :: wording",
            "audit",
            "chain",
            "engine :: jobs",
            "identity",
            "identity :: delegation",
            "identity :: membership",
            "identity :: people",
            "resilience",
            "transaction"
        })
package io.countersign.notification;
