package io.countersign.notification.outbox;

import io.countersign.notification.channel.ChannelKind;
import java.util.Locale;

/**
 * Published when a delivery was sent, dropped or refused by the receiver. A refused delivery is retried.
 *
 * @param kind the kind of channel; null if the channel is gone
 * @param outcome the outcome
 */
public record DeliveryAttempted(ChannelKind kind, Outcome outcome) {

    /** The outcome of a delivery attempt. */
    public enum Outcome {
        SENT,
        DROPPED,
        FAILED;

        /** @return the name in metrics, such as {@code sent} */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
