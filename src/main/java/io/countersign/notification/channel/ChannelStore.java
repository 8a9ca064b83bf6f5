package io.countersign.notification.channel;

import io.countersign.approval.kind.Topic;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Stores channels and subscriptions. */
@Component
@Transactional(propagation = Propagation.MANDATORY)
public class ChannelStore {

    private static final String SELECT = """
            select c.*, (select string_agg(s.topic || '=' || s.enabled, ',')
                         from notification_subscriptions s where s.channel_id = c.id) as subscriptions
            from notification_channels c
            """;

    private final JdbcClient jdbc;

    ChannelStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** @return the channel, or empty if there is none of that id */
    public Optional<Channel> find(ChannelId id) {
        return jdbc.sql(SELECT + "where c.id = ?")
                .param(id.value())
                .query((row, n) -> channel(row))
                .optional();
    }

    /** @return the channels of these ids; deleted ones are left out */
    public Map<ChannelId, Channel> find(Collection<ChannelId> ids) {
        return jdbc
                .sql(SELECT + "where c.id = any (?)")
                .param(ids.stream().map(ChannelId::value).distinct().toArray(UUID[]::new))
                .query((row, n) -> channel(row))
                .list()
                .stream()
                .collect(Collectors.toMap(Channel::id, Function.identity()));
    }

    /** @return a person's channels in all scopes, ordered by scope and age */
    public List<Channel> of(UserId user) {
        return jdbc.sql(SELECT + "where c.user_id = ? order by c.scope, c.created_at, c.id")
                .param(user.value())
                .query((row, n) -> channel(row))
                .list();
    }

    /** @return a person's channels in one scope, ordered by age */
    public List<Channel> of(UserId user, Scope scope) {
        return of(user).stream()
                .filter(channel -> channel.scope().equals(scope))
                .toList();
    }

    /**
     * How people can be reached in a scope.
     *
     * @param channels all their channels in the scope
     * @param defaulted those people who have channels in the scope and were once given a default one
     */
    public record Reachability(List<Channel> channels, Set<UserId> defaulted) {}

    /** @return their reachability in the scope, ordered by person and the age of channels */
    public Reachability reach(Collection<UserId> users, Scope scope) {
        List<Channel> channels = new ArrayList<>();
        Set<UserId> defaulted = new HashSet<>();
        jdbc.sql("""
                        select c.*, (select string_agg(s.topic || '=' || s.enabled, ',')
                                     from notification_subscriptions s where s.channel_id = c.id) as subscriptions,
                               exists (select from notification_defaults d
                                       where d.user_id = c.user_id and d.scope = c.scope) as defaulted
                        from notification_channels c
                        where c.scope = ? and c.user_id = any (?)
                        order by c.user_id, c.created_at, c.id""").params(scope.toString(), names(users)).query(row -> {
            Channel channel = channel(row);
            channels.add(channel);
            if (row.getBoolean("defaulted")) {
                defaulted.add(channel.user());
            }
        });
        return new Reachability(channels, defaulted);
    }

    /**
     * Stores a channel without subscriptions.
     *
     * @return false if the person already has one with this target in this scope
     */
    public boolean insert(Channel channel) {
        return jdbc.sql("""
                                insert into notification_channels
                                    (id, user_id, scope, kind, name, target, enabled, confirmed_at, created_at)
                                values (?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing""")
                        .params(
                                channel.id().value(),
                                channel.user().value(),
                                channel.scope().toString(),
                                channel.kind().wireName(),
                                channel.name(),
                                channel.target(),
                                channel.enabled(),
                                channel.confirmedAt().map(Timestamp::from).orElse(null),
                                Timestamp.from(channel.createdAt()))
                        .update()
                == 1;
    }

    /** Enables or disables a channel. */
    public void setEnabled(ChannelId id, boolean enabled) {
        jdbc.sql("update notification_channels set enabled = ? where id = ?")
                .params(enabled, id.value())
                .update();
    }

    /** Renames a channel. */
    public void rename(ChannelId id, String name) {
        jdbc.sql("update notification_channels set name = ? where id = ?")
                .params(name, id.value())
                .update();
    }

    /** Marks all of a person's channels to an address as confirmed. */
    public void confirm(UserId user, String address, Instant at) {
        jdbc.sql("""
                        update notification_channels set confirmed_at = ?
                        where user_id = ? and kind = 'email' and lower(target) = lower(?) and confirmed_at is null""").params(Timestamp.from(at), user.value(), address).update();
    }

    /**
     * Removes a channel with its subscriptions; what is queued for it will be dropped. Waits for running deliveries
     * first, because a link made meanwhile, in a separate transaction, needs the channel.
     */
    public void delete(ChannelId id) {
        jdbc.sql("select id from notification_deliveries where channel_id = ? and status = 'queued' for update")
                .param(id.value())
                .query(UUID.class)
                .list();
        jdbc.sql("delete from notification_channels where id = ?")
                .param(id.value())
                .update();
    }

    /** Subscribes a channel to a topic, enabled or disabled. */
    public void subscribe(ChannelId id, Topic topic, boolean enabled) {
        jdbc.sql("""
                        insert into notification_subscriptions (channel_id, topic, enabled) values (?, ?, ?)
                        on conflict (channel_id, topic) do update set enabled = excluded.enabled""").params(id.value(), topic.wireName(), enabled).update();
    }

    /** Removes a subscription. */
    public void unsubscribe(ChannelId id, Topic topic) {
        jdbc.sql("delete from notification_subscriptions where channel_id = ? and topic = ?")
                .params(id.value(), topic.wireName())
                .update();
    }

    /** @return those of these people who were never given a default channel in the scope */
    List<UserId> withoutDefault(Collection<UserId> users, Scope scope) {
        return jdbc.sql("""
                        select u from unnest(?::text[]) u
                        where not exists (select from notification_defaults d where d.user_id = u and d.scope = ?)""")
                .params(names(users), scope.toString())
                .query((row, n) -> new UserId(row.getString("u")))
                .list();
    }

    /** @return whether this call recorded that the person was given a default channel in the scope */
    boolean noteDefault(UserId user, Scope scope, Instant at) {
        return jdbc.sql("""
                                insert into notification_defaults (user_id, scope, given_at) values (?, ?, ?)
                                on conflict do nothing""")
                        .params(user.value(), scope.toString(), Timestamp.from(at))
                        .update()
                == 1;
    }

    /** Removes the record that a person who left a scope was given a default channel there. */
    void forgetDefault(UserId user, Scope scope) {
        jdbc.sql("delete from notification_defaults where scope = ? and user_id = ?")
                .params(scope.toString(), user.value())
                .update();
    }

    private static String[] names(Collection<UserId> users) {
        return users.stream().map(UserId::value).distinct().toArray(String[]::new);
    }

    private static Channel channel(ResultSet row) throws SQLException {
        return new Channel(
                new ChannelId(row.getObject("id", UUID.class)),
                new UserId(row.getString("user_id")),
                Scope.parse(row.getString("scope")),
                ChannelKind.find(row.getString("kind")).orElseThrow(),
                row.getString("name"),
                row.getString("target"),
                row.getBoolean("enabled"),
                Optional.ofNullable(row.getTimestamp("confirmed_at")).map(Timestamp::toInstant),
                row.getTimestamp("created_at").toInstant(),
                subscriptions(row.getString("subscriptions")));
    }

    private static Map<Topic, Boolean> subscriptions(String text) {
        Map<Topic, Boolean> subscriptions = new EnumMap<>(Topic.class);
        if (text != null) {
            for (String entry : text.split(",")) {
                String[] parts = entry.split("=");
                subscriptions.put(Topic.find(parts[0]).orElseThrow(), Boolean.valueOf(parts[1]));
            }
        }
        return subscriptions;
    }
}
