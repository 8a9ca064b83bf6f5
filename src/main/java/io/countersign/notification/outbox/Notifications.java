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
     * The notifications about an approval, one entry for each occasion.
     *
     * @param at when it was queued
     * @param subject its subject
     * @param decisionOnStage the stage that it asked to decide; empty if it asked for nothing
     * @param people its recipients
     * @param sent how many messages went out
     * @param waiting how many are still to be sent
     * @param dropped how many became obsolete before they were sent
     */
    public record Told(
            Instant at,
            String subject,
            Optional<Integer> decisionOnStage,
            List<UserId> people,
            int sent,
            int waiting,
            int dropped) {}

    /** @return the notifications about an approval, oldest first */
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
     * @param topic the subscriptions' topic
     * @param scope the scope of the event
     * @param recipients the recipients; those without such a channel are skipped
     * @param message the content; must contain no secret
     */
    @Transactional
    public void send(String key, Topic topic, Scope scope, Collection<UserId> recipients, Message message) {
        outbox.queueMessage(key, topic, scope, recipients, message);
    }
}
