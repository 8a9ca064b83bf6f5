package io.countersign.api;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;

/**
 * Which page of a list is asked for: newest first, continued by keyset so that a page costs the same however deep it
 * lies.
 *
 * @param limit how many items, 1 to 100
 * @param after the last item of the page before, if any
 */
public record PageRequest(int limit, Optional<Key> after) {

    private static final int DEFAULT_LIMIT = 20;
    private static final int MAX_LIMIT = 100;

    /**
     * An item's place in the order.
     *
     * @param time when it was created
     * @param id tells items of the same instant apart
     */
    public record Key(Instant time, String id) {

        /** @return the opaque text that a client sends back */
        public String toCursor() {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString((time + "|" + id).getBytes(StandardCharsets.UTF_8));
        }
    }

    /**
     * Reads the query parameters of a list.
     *
     * @param limit 1 to 100, or null for 20
     * @param cursor what an earlier page returned, or null for the first page
     * @return the page asked for
     * @throws InvalidInput if either is malformed
     */
    public static PageRequest of(Integer limit, String cursor) {
        int size = limit == null ? DEFAULT_LIMIT : limit;
        if (size < 1 || size > MAX_LIMIT) {
            throw new InvalidInput("limit", "must be from 1 to " + MAX_LIMIT);
        }
        return new PageRequest(
                size, cursor == null || cursor.isEmpty() ? Optional.empty() : Optional.of(parse(cursor)));
    }

    private static Key parse(String cursor) {
        try {
            String text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
            int bar = text.indexOf('|');
            if (bar > 0) {
                return new Key(Instant.parse(text.substring(0, bar)), text.substring(bar + 1));
            }
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new InvalidInput("cursor", "must be a next_cursor that this list returned");
        }
        throw new InvalidInput("cursor", "must be a next_cursor that this list returned");
    }
}
