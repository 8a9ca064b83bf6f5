package io.countersign.notification.channel;

import com.fasterxml.jackson.annotation.JsonValue;
import io.countersign.api.problem.NotFound;
import java.util.UUID;

/** Identifies a channel. */
public record ChannelId(@JsonValue UUID value) {

    /** @return a new id */
    public static ChannelId random() {
        return new ChannelId(UUID.randomUUID());
    }

    /**
     * @param text the caller's input
     * @return the id
     * @throws NotFound if it is not a UUID, because nothing has such an id
     */
    public static ChannelId parse(String text) {
        try {
            return new ChannelId(UUID.fromString(text));
        } catch (IllegalArgumentException e) {
            throw new NotFound("channel", text);
        }
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
