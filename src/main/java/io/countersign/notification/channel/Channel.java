package io.countersign.notification.channel;

import io.countersign.approval.kind.Topic;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Where a person wants to be told of what happens in a scope.
 *
 * @param id its id
 * @param user whose it is
 * @param scope what it tells of
 * @param kind e-mail or Slack
 * @param name its name for its owner
 * @param target the address or the webhook's URL; the latter is a secret, so show {@link #shownTarget()}
 * @param enabled whether its owner has it switched on
 * @param confirmedAt since when the address is known to be theirs; empty while it is not
 * @param createdAt when it was added
 * @param subscriptions the topics that were ever subscribed, and whether they are switched on
 */
public record Channel(
        ChannelId id,
        UserId user,
        Scope scope,
        ChannelKind kind,
        String name,
        String target,
        boolean enabled,
        Optional<Instant> confirmedAt,
        Instant createdAt,
        Map<Topic, Boolean> subscriptions) {

    /** Copies the map. */
    public Channel {
        subscriptions = Map.copyOf(subscriptions);
    }

    /** @return whether it may be used: switched on and confirmed */
    public boolean usable() {
        return enabled && confirmedAt.isPresent();
    }

    /** @return whether it is told of a topic */
    public boolean subscribed(Topic topic) {
        return subscriptions.getOrDefault(topic, false);
    }

    /** @return the address; of a webhook only its host, as whoever knows the whole URL can post there */
    public String shownTarget() {
        return kind == ChannelKind.EMAIL
                ? target
                : "https://" + URI.create(target).getHost() + "/…";
    }

    /** @return the address, or for Slack the channel's name: for business keys and lists of deliveries */
    public String recipient() {
        return kind == ChannelKind.EMAIL ? target : "Slack " + name;
    }
}
