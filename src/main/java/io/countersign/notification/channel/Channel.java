package io.countersign.notification.channel;

import io.countersign.approval.kind.Topic;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A channel through which a person is notified about a scope.
 *
 * @param id its id
 * @param user its owner
 * @param scope the scope that it notifies about
 * @param kind e-mail or Slack
 * @param name its display name for its owner
 * @param target the address or the webhook's URL; the latter is a secret, so show {@link #shownTarget()}
 * @param enabled whether its owner has enabled it
 * @param confirmedAt when the address was confirmed to be theirs; empty until then
 * @param createdAt when it was added
 * @param subscriptions all topics ever subscribed, and whether they are enabled
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

    /** @return whether it may be used: enabled and confirmed */
    public boolean usable() {
        return enabled && confirmedAt.isPresent();
    }

    /** @return whether it is notified about a topic */
    public boolean subscribed(Topic topic) {
        return subscriptions.getOrDefault(topic, false);
    }

    /** @return the address; of a webhook only its host, because anyone with the whole URL can post there */
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
