package io.countersign.notification.delivery;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.countersign.approval.Approval;
import io.countersign.approval.ApprovalId;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import io.countersign.notification.Channel;
import io.countersign.notification.ChannelId;
import io.countersign.notification.Message;
import io.countersign.notification.Notifications;
import io.countersign.notification.Topic;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Deliveries as stored: queued in the transaction that has something to tell, sent after it. */
@Component
@Transactional(propagation = Propagation.MANDATORY)
public class Outbox {

    private static final Logger log = LoggerFactory.getLogger(Outbox.class);

    private final JdbcClient jdbc;
    private final JdbcOperations batches;
    private final ObjectMapper json;
    private final Clock clock;
    private final DeliveryJobs jobs;
    private final ChannelStore channels;
    private final DefaultChannels defaults;
    private final ApplicationEventPublisher events;

    /** Something was queued and is committed. */
    record Queued() {}

    /** A delivery with its address, as people know it. */
    private record Addressed(Delivery delivery, String recipient) {}

    Outbox(
            JdbcClient jdbc,
            JdbcOperations batches,
            ObjectMapper json,
            Clock clock,
            DeliveryJobs jobs,
            ChannelStore channels,
            DefaultChannels defaults,
            ApplicationEventPublisher events) {
        this.jdbc = jdbc;
        this.batches = batches;
        this.json = json;
        this.clock = clock;
        this.jobs = jobs;
        this.channels = channels;
        this.defaults = defaults;
        this.events = events;
    }

    /**
     * Queues a message to everyone whom it reaches.
     *
     * @param key the same key never reaches the same channel twice
     */
    public void queueMessage(String key, Topic topic, Scope scope, Collection<UserId> recipients, Message message) {
        queueMessage(key, topic, scope, recipients, message, Optional.empty());
    }

    void queueMessage(
            String key,
            Topic topic,
            Scope scope,
            Collection<UserId> recipients,
            Message message,
            Optional<ApprovalId> about) {
        List<Addressed> deliveries = reached(recipients, scope, topic).stream()
                .map(channel -> new Addressed(
                        new Delivery(
                                UUID.randomUUID(),
                                key,
                                Optional.of(channel.id()),
                                Delivery.Purpose.MESSAGE,
                                Optional.of(topic),
                                channel.user(),
                                message.subject(),
                                Optional.of(message),
                                about,
                                0),
                        channel.recipient()))
                .toList();
        queue(deliveries);
    }

    /** Queues the question for a decision on an approval's stage to everyone whom it reaches, once in each round. */
    void queueDecision(Approval approval, int stageOrder, Collection<UserId> recipients, String subject) {
        queueDecision(approval, stageOrder, recipients, subject, Optional.empty());
    }

    /**
     * Queues the same question once more.
     *
     * @param again makes it another delivery, such as a reminder's time
     */
    void queueDecision(
            Approval approval, int stageOrder, Collection<UserId> recipients, String subject, Optional<String> again) {
        Topic topic = Topic.of(approval.entityType());
        List<Addressed> deliveries = reached(recipients, approval.scope(), topic).stream()
                .map(channel -> new Addressed(
                        new Delivery(
                                UUID.randomUUID(),
                                "approval:" + approval.id() + ":stage:" + stageOrder
                                        + (approval.round() == 0 ? "" : ":round:" + approval.round())
                                        + again.map(which -> ":" + which).orElse(""),
                                Optional.of(channel.id()),
                                Delivery.Purpose.DECISION,
                                Optional.of(topic),
                                channel.user(),
                                subject,
                                Optional.empty(),
                                Optional.of(approval.id()),
                                stageOrder),
                        channel.recipient()))
                .toList();
        queue(deliveries);
    }

    /** Queues the question whether a channel's address is its owner's. */
    public void queueConfirmation(Channel channel) {
        UUID id = UUID.randomUUID();
        Delivery delivery = new Delivery(
                id,
                "confirmation:" + id,
                Optional.of(channel.id()),
                Delivery.Purpose.CONFIRMATION,
                Optional.empty(),
                channel.user(),
                "Confirm your e-mail address",
                Optional.empty(),
                Optional.empty(),
                0);
        queue(List.of(new Addressed(delivery, channel.recipient())));
    }

    /** @return what people were told of an approval, oldest first */
    public List<Notifications.Told> about(ApprovalId approval) {
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
     * What somebody had mailed of late to have addresses confirmed, whether or not the channels are still there.
     *
     * @param toRecipient to one address
     * @param toAnybody to all addresses
     */
    public record Asked(int toRecipient, int toAnybody) {}

    /** @return how many confirmations were queued for a person since then, of one address and of all */
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
     * @return the deliveries that wait longest for their first attempt, locked until the transaction ends; without
     *     those that somebody else sends just now
     */
    List<Delivery> lockNext(int limit) {
        return jdbc.sql("""
                        select * from notification_deliveries
                        where status = 'queued' and process_instance_id is null
                        order by created_at limit ? for no key update skip locked""").param(limit).query((row, n) -> delivery(row)).list();
    }

    /** Gives a delivery whose first attempt failed a process of its own, which tries again and holds up no other. */
    void handOver(UUID id) {
        jdbc.sql("""
                        select * from notification_deliveries
                        where id = ? and status = 'queued' and process_instance_id is null for no key update""")
                .param(id)
                .query((row, n) -> new Addressed(delivery(row), row.getString("recipient")))
                .optional()
                .ifPresent(addressed -> {
                    String about = addressed.delivery().subject() + " to " + addressed.recipient();
                    jdbc.sql("update notification_deliveries set process_instance_id = ? where id = ?")
                            .params(jobs.start(id, PlainText.subject(about)), id)
                            .update();
                });
    }

    /** @return the delivery, locked until the transaction ends; empty if it was sent or dropped already */
    Optional<Delivery> lockQueued(UUID id) {
        return jdbc.sql("select * from notification_deliveries where id = ? and status = 'queued' for no key update")
                .param(id)
                .query((row, n) -> delivery(row))
                .optional();
    }

    void markSent(List<Delivery> deliveries) {
        jdbc.sql("update notification_deliveries set status = ?, finished_at = ? where id = any (?)")
                .params(
                        Delivery.Status.SENT.wireName(),
                        Timestamp.from(clock.instant()),
                        deliveries.stream().map(Delivery::id).toArray(UUID[]::new))
                .update();
        deliveries.forEach(delivery -> log(delivery, Delivery.Status.SENT, null));
    }

    /** Notes which deliveries are not sent, and why. */
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

    /** @return the channels of people that are told of a topic, after those who lack it got their default one */
    private List<Channel> reached(Collection<UserId> recipients, Scope scope, Topic topic) {
        ChannelStore.Reach reach = channels.reach(recipients, scope);
        if (!reach.defaulted().containsAll(recipients) && defaults.give(recipients, scope)) {
            reach = channels.reach(recipients, scope);
        }
        return reach.channels().stream()
                .filter(channel -> channel.usable() && channel.subscribed(topic))
                .toList();
    }

    /** Stores deliveries and tells whoever sends them, once this transaction is committed. */
    private void queue(List<Addressed> deliveries) {
        Timestamp now = Timestamp.from(clock.instant());
        int[] stored = batches.batchUpdate(
                """
                insert into notification_deliveries
                    (id, key, channel_id, purpose, topic, user_id, recipient, subject, message, approval_id,
                     stage_order, status, created_at)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'queued', ?)
                on conflict (key, channel_id) do nothing""", deliveries.stream().map(addressed -> row(addressed, now)).toList());
        // What one statement inserted in a batch may be counted as unknown.
        if (Arrays.stream(stored).anyMatch(count -> count != 0)) {
            events.publishEvent(new Queued());
        }
    }

    private Object[] row(Addressed addressed, Timestamp now) {
        Delivery delivery = addressed.delivery();
        return new Object[] {
            delivery.id(),
            delivery.key(),
            delivery.channel().map(ChannelId::value).orElse(null),
            delivery.purpose().wireName(),
            delivery.topic().map(Topic::wireName).orElse(null),
            delivery.user().value(),
            addressed.recipient(),
            PlainText.subject(delivery.subject()),
            delivery.message().map(this::write).orElse(null),
            delivery.approval().map(ApprovalId::value).orElse(null),
            delivery.stageOrder(),
            now
        };
    }

    private static void log(Delivery delivery, Delivery.Status status, String reason) {
        log.info(
                "notification status={} delivery={} purpose={} user={} reason={}",
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
