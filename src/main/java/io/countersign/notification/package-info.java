/**
 * Notifies people: topics, channels, subscriptions, mail and Slack, and the decision links in mails. Messages are
 * queued together with the change they report and sent afterwards, outside the engine, which retries failures, so that
 * mail server trouble never blocks a decision.
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
