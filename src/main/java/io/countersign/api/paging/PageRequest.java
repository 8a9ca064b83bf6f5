package io.countersign.api.paging;

import io.countersign.api.problem.InvalidInput;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which page of a list in the order of time is asked for, continued by keyset so that a page costs the same however
 * deep it lies. For lists in the order of names see {@link SearchRequest}.
 *
 * @param limit how many items, 1 to 100
 * @param after the last item of the page before, if any
 */
public record PageRequest(int limit, Optional<Key> after) {

    private static final int DEFAULT_LIMIT = 20;
    private static final int MAX_LIMIT = 100;

    /** A time with a four-digit year and an id without control characters: the database accepts no others. */
    private static final Pattern CURSOR = Pattern.compile("(?<time>\\d{4}-[^|]+)\\|(?<id>\\P{Cntrl}+)");

    /**
     * An item's place in the order.
     *
     * @param time when it was created
     * @param id distinguishes items of the same instant
     */
    public record Key(Instant time, String id) {

        /**
         * @param time when the item was created
         * @param id its id, of any type whose text is read back
         * @return the item's place
         */
        public static Key of(Instant time, Object id) {
            return new Key(time, id.toString());
        }

        /**
         * @return the id, in a list of things whose ids are UUIDs
         * @throws InvalidInput if it is none: the cursor is another list's
         */
        public UUID uuid() {
            return id(UUID::fromString);
        }

        /**
         * @return the id, in a list of things that are numbered
         * @throws InvalidInput if it is no number: the cursor is another list's
         */
        public long number() {
            return id(Long::valueOf);
        }

        private <T> T id(Function<String, T> form) {
            try {
                return form.apply(id);
            } catch (IllegalArgumentException e) {
                throw foreign();
            }
        }

        /** @return the opaque text that a client sends back */
        public String toCursor() {
            return encode(time + "|" + id);
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
        return new PageRequest(size(limit), given(cursor).map(PageRequest::parse));
    }

    /** @return how many items a page has, checked */
    static int size(Integer limit) {
        int size = limit == null ? DEFAULT_LIMIT : limit;
        if (size < 1 || size > MAX_LIMIT) {
            throw new InvalidInput("limit", "must be from 1 to " + MAX_LIMIT);
        }
        return size;
    }

    /** @return the cursor; empty for the first page */
    static Optional<String> given(String cursor) {
        return Optional.ofNullable(cursor).filter(text -> !text.isEmpty());
    }

    private static Key parse(String cursor) {
        try {
            Matcher parts = CURSOR.matcher(decode(cursor));
            if (parts.matches()) {
                return new Key(Instant.parse(parts.group("time")), parts.group("id"));
            }
        } catch (DateTimeException e) {
            throw foreign();
        }
        throw foreign();
    }

    /** @return the decoded content of a cursor, which may not be one of ours */
    static String decode(String cursor) {
        try {
            return new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw foreign();
        }
    }

    /** @return the opaque text that a client sends back */
    static String encode(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    static InvalidInput foreign() {
        return new InvalidInput("cursor", "must be a next_cursor that this list returned");
    }
}
