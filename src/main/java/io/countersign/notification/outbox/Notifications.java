package io.countersign.notification.outbox;

import io.countersign.approval.ApprovalId;
import io.countersign.approval.kind.Topic;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import io.countersign.notification.Message;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Notifies people through the channels they chose. */
@Component
public class Notifications {

    private final Outbox outbox;

    Notifications(Outbox outbox) {
        this.outbox = outbox;
    }

    /**
     * What people were told of an approval, one entry for each occasion.
     *
     * @param at when it was queued
     * @param subject what it said
     * @param decisionOnStage the stage that it asked to decide; empty if it asked for nothing
     * @param people whom it is for
     * @param sent how many messages went out
     * @param waiting how many are still to be sent
     * @param dropped how many had become pointless before they were sent
     */
    public record Told(
            Instant at,
            String subject,
            Optional<Integer> decisionOnStage,
            List<UserId> people,
            int sent,
            int waiting,
            int dropped) {}

    /** @return what people were told of an approval, oldest first */
    @Transactional(readOnly = true)
    public List<Told> about(ApprovalId approval) {
        return outbox.about(approval);
    }

    /**
     * Queues, in the current transaction, one delivery for each enabled and confirmed channel of each recipient that is
     * subscribed to the topic in this scope. Nothing is sent before the commit. Failures do not reach the caller: they
     * are retried and end as an incident.
     *
     * @param key makes it idempotent: the same key never reaches the same channel twice
     * @param topic what subscriptions it belongs to
     * @param scope where it happened
     * @param recipients whom to tell; those without such a channel are passed over
     * @param message what to say; must hold no secret
     */
    @Transactional
    public void send(String key, Topic topic, Scope scope, Collection<UserId> recipients, Message message) {
        outbox.queueMessage(key, topic, scope, recipients, message);
    }
}
