package io.countersign.api.text;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;

/** The rule for every time that comes in: it is of a year that the database knows and people write with four digits. */
public final class PlainTime {

    private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant BEHIND_LAST =
            Instant.parse("9999-12-31T23:59:59Z").plusSeconds(1);

    private PlainTime() {}

    /**
     * @param text a time with its offset (ISO 8601), such as {@code 2025-06-01T12:00:00Z}
     * @return the time
     * @throws DateTimeException whose message is the rule that the text breaks, read after the field's name
     */
    public static Instant read(String text) {
        try {
            return require(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeParseException e) {
            throw new DateTimeException("must be a time such as 2025-06-01T12:00:00Z", e);
        }
    }

    /**
     * @return the time
     * @throws DateTimeException whose message is the rule that the time breaks, read after the field's name
     */
    public static Instant require(Instant time) {
        if (time.isBefore(FIRST) || !time.isBefore(BEHIND_LAST)) {
            throw new DateTimeException("must be a time of the years 0001 to 9999");
        }
        return time;
    }
}
