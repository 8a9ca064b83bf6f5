package io.countersign.notification.channel;

import io.countersign.approval.Approval;
import io.countersign.approval.EntityType;
import io.countersign.approval.Stage;
import io.countersign.approval.kind.RequestKinds;
import io.countersign.approval.kind.Topic;
import io.countersign.approval.waiting.Reachability;
import io.countersign.engine.jobs.JobRows;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import io.countersign.identity.people.People;
import io.countersign.identity.people.Person;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Determines who can be reached, from people's channels and from what was sent to them. */
@Component
class ChannelReachability implements Reachability {

    private final JdbcClient jdbc;
    private final RequestKinds kinds;
    private final JobRows jobs;
    private final People people;

    ChannelReachability(JdbcClient jdbc, RequestKinds kinds, JobRows jobs, People people) {
        this.jdbc = jdbc;
        this.kinds = kinds;
        this.jobs = jobs;
        this.people = people;
    }

    @Override
    public Set<UserId> reachable(Collection<UserId> users, Scope scope, EntityType type) {
        if (users.isEmpty()) {
            return Set.of();
        }
        Set<UserId> reachable = byChannels(users, scope, kinds.of(type).topic());
        List<UserId> others =
                users.stream().filter(person -> !reachable.contains(person)).toList();
        if (!others.isEmpty()) {
            reachable.addAll(byDefault(others, scope));
        }
        return reachable;
    }

    /** A channel subscribed to a topic, and the process instances delivering to it if none ever succeeded. */
    private record Subscribed(UserId user, List<String> unproven) {}

    /**
     * An address is confirmed by a mail that arrived. Any other channel counts as working if anything ever arrived
     * there, and otherwise until a delivery is given up.
     */
    private Set<UserId> byChannels(Collection<UserId> users, Scope scope, Topic topic) {
        List<Subscribed> channels = jdbc.sql("""
                        select c.user_id,
                               case when c.kind <> 'email' and not exists (
                                        select from notification_deliveries d
                                        where d.channel_id = c.id and d.status = 'sent')
                                    then array (select d.process_instance_id from notification_deliveries d
                                                where d.channel_id = c.id and d.status = 'queued'
                                                  and d.process_instance_id is not null)
                                    else array[]::text[] end as unproven
                        from notification_channels c join notification_subscriptions s on s.channel_id = c.id
                        where c.user_id = any (?) and c.scope = ? and c.enabled and c.confirmed_at is not null
                          and s.topic = ? and s.enabled""")
                .params(names(users), scope.toString(), topic.wireName())
                .query((row, n) -> new Subscribed(new UserId(row.getString("user_id")), List.of((String[])
                        row.getArray("unproven").getArray())))
                .list();
        Map<String, JobRows.State> deliveries = jobs.ofInstances(channels.stream()
                .flatMap(channel -> channel.unproven().stream())
                .toList());
        return channels.stream()
                .filter(channel -> channel.unproven().stream()
                        .map(deliveries::get)
                        .filter(Objects::nonNull)
                        .noneMatch(JobRows.State::gaveUp))
                .map(Subscribed::user)
                .collect(Collectors.toCollection(HashSet::new));
    }

    /** People without a default channel get one when there is something to tell them. */
    private Set<UserId> byDefault(Collection<UserId> others, Scope scope) {
        List<Person> confirmed = people.findAll(others).stream()
                .filter(person -> person.emailConfirmed() && person.email() != null)
                .toList();
        return confirmed.isEmpty()
                ? Set.of()
                : jdbc.sql("""
                                select p.id from unnest(?::text[], ?::text[]) as p (id, email)
                                where not exists (
                                          select from notification_defaults d where d.user_id = p.id and d.scope = ?)
                                  and not exists (
                                          select from notification_channels c
                                          where c.user_id = p.id and c.scope = ?
                                            and not (c.kind = 'email' and lower(c.target) = lower(p.email)
                                                     and c.enabled))""")
                        .params(
                                names(confirmed.stream().map(Person::id).toList()),
                                confirmed.stream().map(Person::email).toArray(String[]::new),
                                scope.toString(),
                                scope.toString())
                        .query((row, n) -> new UserId(row.getString("id")))
                        .set();
    }

    private static String[] names(Collection<UserId> users) {
        return users.stream().map(UserId::value).toArray(String[]::new);
    }

    @Override
    public Set<UserId> told(Approval approval, Stage stage) {
        return jdbc.sql("""
                        select distinct user_id from notification_deliveries
                        where approval_id = ? and purpose = 'decision' and stage_order = ?
                          and status = 'sent'""")
                .params(approval.id().value(), stage.order())
                .query((row, n) -> new UserId(row.getString("user_id")))
                .set();
    }
}
