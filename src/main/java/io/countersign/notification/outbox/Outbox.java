package io.countersign.notification.outbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.countersign.approval.Approval;
import io.countersign.approval.ApprovalId;
import io.countersign.approval.ReachabilityChanged;
import io.countersign.approval.kind.RequestKinds;
import io.countersign.approval.kind.Topic;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import io.countersign.identity.people.People;
import io.countersign.notification.Message;
import io.countersign.notification.channel.Channel;
import io.countersign.notification.channel.ChannelId;
import io.countersign.notification.channel.ChannelStore;
import io.countersign.notification.channel.DefaultChannels;
import io.countersign.notification.content.SafeText;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Stores deliveries: queued in the transaction that causes them, sent after its commit. */
@Component
@Transactional(propagation = Propagation.MANDATORY)
public class Outbox {

    private static final Logger log = LoggerFactory.getLogger(Outbox.class);

    /**
     * Deliveries that wait for their first attempt, except those that a live instance has taken; those stay unlocked.
     */
    private static final String WAITING = """
            select d.* from notification_deliveries d
            where status = 'queued' and process_instance_id is null
              and not exists (
                  select from delivery_handovers h where h.delivery_id = d.id and h.accepted_at is null)
            """;

    private final JdbcClient jdbc;
    private final ObjectMapper json;
    private final Clock clock;
    private final DeliveryJobs jobs;
    private final ChannelStore channels;
    private final DefaultChannels defaults;
    private final People people;
    private final RequestKinds kinds;
    private final ApplicationEventPublisher events;

    /** A delivery was queued; handled after the commit. */
    record Queued() {}

    Outbox(
            JdbcClient jdbc,
            ObjectMapper json,
            Clock clock,
            DeliveryJobs jobs,
            ChannelStore channels,
            DefaultChannels defaults,
            People people,
            RequestKinds kinds,
            ApplicationEventPublisher events) {
        this.jdbc = jdbc;
        this.json = json;
        this.clock = clock;
        this.jobs = jobs;
        this.channels = channels;
        this.defaults = defaults;
        this.people = people;
        this.kinds = kinds;
        this.events = events;
    }

    /**
     * Queues a message to every reachable recipient.
     *
     * @param key the same key never reaches the same channel twice
     */
    public void queueMessage(String key, Topic topic, Scope scope, Collection<UserId> recipients, Message message) {
        queueMessage(key, topic, scope, recipients, message, Optional.empty());
    }

    public void queueMessage(
            String key,
            Topic topic,
            Scope scope,
            Collection<UserId> recipients,
            Message message,
            Optional<ApprovalId> about) {
        queue(
                new Occasion(
                        key,
                        Delivery.Purpose.MESSAGE,
                        Optional.of(topic),
                        scope,
                        message.subject(),
                        Optional.of(message),
                        about,
                        0),
                reached(active(recipients), scope, topic));
    }

    /** Asks every reachable recipient to decide an approval's stage, once in each round. */
    public void queueDecision(Approval approval, int stageOrder, Collection<UserId> recipients, String subject) {
        queueDecision(approval, stageOrder, recipients, subject, Optional.empty());
    }

    /**
     * Queues the same question once more.
     *
     * @param again makes it a separate delivery, such as a reminder's time
     */
    public void queueDecision(
            Approval approval, int stageOrder, Collection<UserId> recipients, String subject, Optional<String> again) {
        Topic topic = kinds.of(approval).topic();
        queue(
                new Occasion(
                        "approval:" + approval.id() + ":stage:" + stageOrder
                                + (approval.round() == 0 ? "" : ":round:" + approval.round())
                                + again.map(which -> ":" + which).orElse(""),
                        Delivery.Purpose.DECISION,
                        Optional.of(topic),
                        approval.scope(),
                        subject,
                        Optional.empty(),
                        Optional.of(approval.id()),
                        stageOrder),
                reached(recipients, approval.scope(), topic));
    }

    /** Queues a question for its reader's other channels after they disabled this one. */
    void queueElsewhere(Delivery question) {
        queue(
                new Occasion(
                        question.key(),
                        question.purpose(),
                        question.topic(),
                        question.scope(),
                        question.subject(),
                        question.message(),
                        question.approval(),
                        question.stageOrder()),
                reached(
                        List.of(question.user()),
                        question.scope(),
                        question.topic().orElseThrow()));
    }

    /** Queues the mail that asks to confirm a channel's address. */
    public void queueConfirmation(Channel channel) {
        queue(
                new Occasion(
                        "confirmation:" + UUID.randomUUID(),
                        Delivery.Purpose.CONFIRMATION,
                        Optional.empty(),
                        channel.scope(),
                        "Confirm your e-mail address",
                        Optional.empty(),
                        Optional.empty(),
                        0),
                List.of(channel));
    }

    /** @return the notifications about an approval, oldest first */
    List<Notifications.Told> about(ApprovalId approval) {
        return jdbc.sql("""
                        select min(created_at) as at, min(subject) as subject,
                               min(stage_order) filter (where purpose = 'decision') as stage,
                               array_agg(distinct user_id) as people,
                               count(*) filter (where status = 'sent') as sent,
                               count(*) filter (where status = 'queued') as waiting,
                               count(*) filter (where status = 'dropped') as dropped
                        from notification_deliveries where approval_id = ? group by key order by at, subject""")
                .param(approval.value())
                .query((row, n) -> new Notifications.Told(
                        row.getTimestamp("at").toInstant(),
                        row.getString("subject"),
                        Optional.ofNullable(row.getObject("stage", Integer.class)),
                        Arrays.stream((String[]) row.getArray("people").getArray())
                                .map(UserId::new)
                                .toList(),
                        row.getInt("sent"),
                        row.getInt("waiting"),
                        row.getInt("dropped")))
                .list();
    }

    /** @return whether a confirmation was queued for a channel within the last minute */
    public boolean confirmationJustQueued(ChannelId channel) {
        return jdbc.sql("""
                        select count(*) from notification_deliveries
                        where channel_id = ? and purpose = 'confirmation' and created_at > ?""")
                        .params(channel.value(), Timestamp.from(clock.instant().minusSeconds(60)))
                        .query(Integer.class)
                        .single()
                > 0;
    }

    /**
     * Recent confirmation mails requested by a user, including those for deleted channels.
     *
     * @param toRecipient to one address
     * @param toAnybody to all addresses
     */
    public record Asked(int toRecipient, int toAnybody) {}

    /** @return how many confirmations were queued for a person since then, for one address and for all */
    public Asked confirmationsSince(Instant then, UserId user, String recipient) {
        return jdbc.sql("""
                        select count(*) filter (where lower(recipient) = lower(?)) as to_recipient,
                               count(*) as to_anybody
                        from notification_deliveries
                        where user_id = ? and purpose = 'confirmation' and created_at > ?""")
                .params(recipient, user.value(), Timestamp.from(then))
                .query((row, n) -> new Asked(row.getInt("to_recipient"), row.getInt("to_anybody")))
                .single();
    }

    /**
     * @return the deliveries that are due, locked until the transaction ends; without those that another instance or
     *     thread is sending
     */
    List<Delivery> lockNext(int limit) {
        return jdbc.sql(WAITING + """
                         and turn >= 0 and (due_at is null or due_at <= ?)
                        order by turn, purpose = 'message', created_at limit ? for no key update of d skip locked""")
                .params(Timestamp.from(clock.instant()), limit)
                .query((row, n) -> delivery(row))
                .list();
    }

    /**
     * @return what waits for a channel except confirmations of its address, locked likewise: requests for a decision
     *     come first
     */
    List<Delivery> lockWaiting(ChannelId channel, int limit) {
        return jdbc.sql(WAITING + """
                         and channel_id = ? and purpose <> 'confirmation'
                        order by purpose = 'message', created_at, id limit ? for no key update of d skip locked""")
                .params(channel.value(), limit)
                .query((row, n) -> delivery(row))
                .list();
    }

    /**
     * The traffic of a channel.
     *
     * @param waiting how many notices wait for it, except confirmations of its address
     * @param sent how many mails went there since a time
     * @param last when the last of these was sent; null if there was none
     */
    record Traffic(int waiting, int sent, Instant last) {}

    /** @return the traffic since a time of those channels that get mail */
    Map<ChannelId, Traffic> traffic(Collection<ChannelId> channels, Instant since) {
        return jdbc
                .sql("""
                        select c.id, waiting.notices, sent.mails, sent.last
                        from notification_channels c
                        cross join lateral (
                            select count(*) as notices from notification_deliveries
                            where channel_id = c.id and status = 'queued' and process_instance_id is null
                              and purpose <> 'confirmation') waiting
                        cross join lateral (
                            select count(distinct coalesce(digest_id, id)) as mails, max(finished_at) as last
                            from notification_deliveries
                            where channel_id = c.id and status = 'sent' and finished_at > ?
                              and purpose <> 'confirmation') sent
                        where c.id = any (?) and c.kind = 'email'""")
                .params(
                        Timestamp.from(since),
                        channels.stream().map(ChannelId::value).toArray(UUID[]::new))
                .query((row, n) -> Map.entry(
                        new ChannelId(row.getObject("id", UUID.class)),
                        new Traffic(
                                row.getInt("notices"),
                                row.getInt("mails"),
                                Optional.ofNullable(row.getTimestamp("last"))
                                        .map(Timestamp::toInstant)
                                        .orElse(null))))
                .list()
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /**
     * Postpones the deliveries queued for channels, to be sent as a digest.
     *
     * @param until the time to wait for, by channel
     */
    void hold(Map<ChannelId, Instant> until) {
        if (until.isEmpty()) {
            return;
        }
        jdbc.sql("""
                        with held as (
                            select d.id, c.until
                            from unnest(?::uuid[], ?::timestamptz[]) as c (id, until)
                            join notification_deliveries d on d.channel_id = c.id
                            where d.status = 'queued' and d.process_instance_id is null
                              and d.purpose <> 'confirmation' and (d.due_at is null or d.due_at < c.until)
                            for no key update of d skip locked)
                        update notification_deliveries d set due_at = held.until from held where d.id = held.id""")
                .params(
                        until.keySet().stream().map(ChannelId::value).toArray(UUID[]::new),
                        until.values().stream().map(Timestamp::from).toArray(Timestamp[]::new))
                .update();
    }

    /** Starts a process for a delivery whose first attempt failed. It retries without delaying other deliveries. */
    void handOver(UUID id) {
        jdbc.sql("""
                        select * from notification_deliveries
                        where id = ? and status = 'queued' and process_instance_id is null for no key update""")
                .param(id)
                .query((row, n) -> row.getString("subject") + " to " + row.getString("recipient"))
                .optional()
                .ifPresent(about -> {
                    jdbc.sql("update notification_deliveries set process_instance_id = ? where id = ?")
                            .params(jobs.start(id, SafeText.subject(about)), id)
                            .update();
                });
    }

    /** Announces that a question may never reach its reader, because the engine gave up. */
    public void gaveUp(String processInstance) {
        jdbc.sql("""
                        select user_id, scope from notification_deliveries
                        where process_instance_id = ? and status = 'queued' and purpose = 'decision'""")
                .param(processInstance)
                .query((row, n) -> new ReachabilityChanged(
                        new UserId(row.getString("user_id")), Scope.parse(row.getString("scope"))))
                .list()
                .forEach(events::publishEvent);
    }

    /** @return the delivery, locked until the transaction ends; empty if it was sent or dropped already */
    Optional<Delivery> lockQueued(UUID id) {
        return jdbc.sql("select * from notification_deliveries where id = ? and status = 'queued' for no key update")
                .param(id)
                .query((row, n) -> delivery(row))
                .optional();
    }

    void markSent(List<Delivery> deliveries) {
        markSent(deliveries, Optional.empty());
    }

    /** @param digest the id of the digest mail that contained them; empty if each was sent separately */
    void markSent(List<Delivery> deliveries, Optional<UUID> digest) {
        jdbc.sql("update notification_deliveries set status = ?, finished_at = ?, digest_id = ? where id = any (?)")
                .params(
                        Delivery.Status.SENT.wireName(),
                        Timestamp.from(clock.instant()),
                        digest.orElse(null),
                        deliveries.stream().map(Delivery::id).toArray(UUID[]::new))
                .update();
        deliveries.forEach(delivery -> log(delivery, Delivery.Status.SENT, null));
    }

    /** Records which deliveries are dropped, and why. */
    void markDropped(Map<Delivery, String> reasons) {
        jdbc.sql("""
                        update notification_deliveries d
                        set status = ?, dropped_because = dropped.reason, finished_at = ?
                        from unnest(?, ?) as dropped (id, reason) where d.id = dropped.id""")
                .params(
                        Delivery.Status.DROPPED.wireName(),
                        Timestamp.from(clock.instant()),
                        reasons.keySet().stream().map(Delivery::id).toArray(UUID[]::new),
                        reasons.values().toArray(String[]::new))
                .update();
        reasons.forEach((delivery, reason) -> log(delivery, Delivery.Status.DROPPED, reason));
    }

    private Collection<UserId> active(Collection<UserId> recipients) {
        Set<UserId> deactivated = people.deactivatedAmong(recipients);
        return recipients.stream()
                .filter(person -> !deactivated.contains(person))
                .toList();
    }

    /** @return people's channels for a topic; anyone without a default channel gets it first */
    private List<Channel> reached(Collection<UserId> recipients, Scope scope, Topic topic) {
        ChannelStore.Reachability reach = channels.reach(recipients, scope);
        if (!reach.defaulted().containsAll(recipients) && defaults.give(recipients, scope)) {
            reach = channels.reach(recipients, scope);
        }
        return reach.channels().stream()
                .filter(channel -> channel.usable() && channel.subscribed(topic))
                .toList();
    }

    /** A message to send, before its recipients are known. */
    private record Occasion(
            String key,
            Delivery.Purpose purpose,
            Optional<Topic> topic,
            Scope scope,
            String subject,
            Optional<Message> message,
            Optional<ApprovalId> approval,
            int stageOrder) {}

    /**
     * Stores deliveries in one statement, and notifies the sender once this transaction is committed. A dropped
     * question is queued again, because its stage is open and its reader can be reached. Each delivery gets its scope's
     * next turn: questions after the scope's other questions, other notices after everything in the scope.
     */
    private void queue(Occasion occasion, List<Channel> to) {
        boolean told = occasion.purpose() == Delivery.Purpose.MESSAGE;
        UUID[] channelIds = to.stream().map(channel -> channel.id().value()).toArray(UUID[]::new);
        int stored = to.isEmpty()
                ? 0
                : jdbc.sql("""
                                insert into notification_deliveries as d
                                    (id, key, channel_id, purpose, topic, scope, user_id, recipient, subject, message,
                                     approval_id, stage_order, status, created_at, turn)
                                select gen_random_uuid(), :key, channel, :purpose, :topic, :scope, person, recipient,
                                       :subject, :message, :approval, :stage, 'queued', :now, queue.last + place
                                from unnest(:channels::uuid[], :people::text[], :recipients::text[])
                                         with ordinality as reached (channel, person, recipient, place)
                                cross join (
                                    select greatest(
                                        (select coalesce(min(turn), 0) - 1 from notification_deliveries
                                         where status = 'queued' and process_instance_id is null and turn >= 0),
                                        (select coalesce(max(turn), 0) from notification_deliveries
                                         where status = 'queued' and process_instance_id is null and scope = :scope
                                           and (:told or purpose <> 'message'))) as last) queue
                                on conflict (key, channel_id) do update
                                set status = 'queued', subject = excluded.subject, created_at = excluded.created_at,
                                    due_at = null, process_instance_id = null, dropped_because = null,
                                    finished_at = null
                                where d.purpose = 'decision' and d.status = 'dropped'""")
                        .param("key", occasion.key())
                        .param("purpose", occasion.purpose().wireName())
                        .param("topic", occasion.topic().map(Topic::wireName).orElse(null))
                        .param("scope", occasion.scope().toString())
                        .param("subject", SafeText.subject(occasion.subject()))
                        .param("message", occasion.message().map(this::write).orElse(null))
                        .param(
                                "approval",
                                occasion.approval().map(ApprovalId::value).orElse(null),
                                Types.OTHER)
                        .param("stage", occasion.stageOrder())
                        .param("now", Timestamp.from(clock.instant()))
                        .param("told", told)
                        .param("channels", channelIds)
                        .param(
                                "people",
                                to.stream()
                                        .map(channel -> channel.user().value())
                                        .toArray(String[]::new))
                        .param("recipients", to.stream().map(Channel::recipient).toArray(String[]::new))
                        .update();
        if (stored > 0) {
            events.publishEvent(new Queued());
        }
    }

    private static void log(Delivery delivery, Delivery.Status status, String reason) {
        log.info(
                "event=notification status={} delivery={} purpose={} user={} reason={}",
                status.wireName(),
                delivery.id(),
                delivery.purpose().wireName(),
                delivery.user(),
                reason);
    }

    private Delivery delivery(ResultSet row) throws SQLException {
        return new Delivery(
                row.getObject("id", UUID.class),
                row.getString("key"),
                Optional.ofNullable(row.getObject("channel_id", UUID.class)).map(ChannelId::new),
                Delivery.Purpose.valueOf(row.getString("purpose").toUpperCase(Locale.ROOT)),
                Optional.ofNullable(row.getString("topic")).flatMap(Topic::find),
                Scope.parse(row.getString("scope")),
                new UserId(row.getString("user_id")),
                row.getString("subject"),
                Optional.ofNullable(row.getString("message")).map(this::read),
                Optional.ofNullable(row.getObject("approval_id", UUID.class)).map(ApprovalId::new),
                row.getInt("stage_order"));
    }

    private String write(Message message) {
        try {
            return json.writeValueAsString(message);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A message cannot be written as JSON", e);
        }
    }

    private Message read(String text) {
        try {
            return json.readValue(text, Message.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A stored message is unreadable", e);
        }
    }
}
