package io.countersign.notification.web;

import io.countersign.identity.Scope;
import io.countersign.notification.channel.Channel;
import io.countersign.notification.channel.ChannelId;
import io.countersign.notification.channel.ChannelKind;
import java.time.Instant;

/** A channel as clients see it: of a webhook only the host, because anyone with the whole URL can post there. */
record ChannelView(
        ChannelId id,
        String organization,
        String project,
        ChannelKind kind,
        String name,
        String target,
        boolean enabled,
        boolean confirmed,
        Instant confirmedAt,
        Instant createdAt) {

    static ChannelView of(Channel channel) {
        Scope scope = channel.scope();
        return new ChannelView(
                channel.id(),
                scope.type() == Scope.Type.ORGANIZATION ? scope.id() : null,
                scope.type() == Scope.Type.PROJECT ? scope.id() : null,
                channel.kind(),
                channel.name(),
                channel.shownTarget(),
                channel.enabled(),
                channel.confirmedAt().isPresent(),
                channel.confirmedAt().orElse(null),
                channel.createdAt());
    }
}
