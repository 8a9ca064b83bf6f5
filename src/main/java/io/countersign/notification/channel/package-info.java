/** How people are reached: their channels, subscriptions, and addresses that they confirmed. */
@org.springframework.modulith.NamedInterface("channel")
package io.countersign.notification.channel;
