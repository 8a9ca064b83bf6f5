/** How people are reached: their channels, subscriptions and confirmed addresses. */
@org.springframework.modulith.NamedInterface("channel")
package io.countersign.notification.channel;
