/**
 * Tells people what happens: topics, channels, subscriptions, mail and Slack, and the links in mails by which a person
 * decides. Every message is an engine job of its own, so that trouble with a mail server never blocks a decision.
 */
@org.springframework.modulith.ApplicationModule(
        allowedDependencies = {"api", "audit", "chain", "identity", "approval", "resilience", "transaction"})
package io.countersign.notification;
