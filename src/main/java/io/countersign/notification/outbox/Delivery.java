package io.countersign.notification.outbox;

import io.countersign.approval.ApprovalId;
import io.countersign.approval.kind.Topic;
import io.countersign.identity.Scope;
import io.countersign.identity.UserId;
import io.countersign.notification.Message;
import io.countersign.notification.channel.ChannelId;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/**
 * One message to one channel, as queued.
 *
 * @param id its id
 * @param key the same key never reaches the same channel twice
 * @param channel its channel; empty if the channel was deleted meanwhile
 * @param purpose what it becomes when sent
 * @param topic the topic it belongs to; empty for the confirmation of an address
 * @param scope the scope of the event
 * @param user the recipient
 * @param subject its subject
 * @param message its content; empty if that is created on sending
 * @param approval the approval it is about, if any
 * @param stageOrder the stage whose decision it asks for; 0 if it asks for none
 */
record Delivery(
        UUID id,
        String key,
        Optional<ChannelId> channel,
        Purpose purpose,
        Optional<Topic> topic,
        Scope scope,
        UserId user,
        String subject,
        Optional<Message> message,
        Optional<ApprovalId> approval,
        int stageOrder) {

    /** What a delivery becomes when it is sent. */
    enum Purpose {
        /** Shows its message. */
        MESSAGE,
        /** Asks for a decision, with links that take it. */
        DECISION,
        /** Asks the person to confirm their address, with a link. */
        CONFIRMATION;

        String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The status of a delivery. */
    enum Status {
        QUEUED,
        SENT,
        DROPPED;

        String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** @return whether it asks its reader to decide a stage of an approval */
    boolean asksForDecision() {
        return purpose == Purpose.DECISION;
    }
}
