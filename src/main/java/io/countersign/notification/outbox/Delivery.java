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
 * @param channel where to; empty if the channel was deleted meanwhile
 * @param purpose what is made of it when it is sent
 * @param topic the topic it belongs to; empty for the confirmation of an address
 * @param scope where what it tells of happened
 * @param user whom to
 * @param subject what it is about
 * @param message what it says; empty if that is made when it is sent
 * @param approval the approval it is about, if it is about one
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

    /** How far a delivery is. */
    enum Status {
        QUEUED,
        SENT,
        DROPPED;

        String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** @return whether its reader is asked to decide a stage of an approval */
    boolean asksForDecision() {
        return purpose == Purpose.DECISION;
    }
}
