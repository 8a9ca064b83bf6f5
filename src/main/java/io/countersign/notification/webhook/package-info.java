/** Webhooks and Slack: signed requests that never reach the private network. */
@org.springframework.modulith.NamedInterface("webhook")
package io.countersign.notification.webhook;
