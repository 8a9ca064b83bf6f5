package io.countersign.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** Formats text for people. */
final class Text {

    private Text() {}

    /**
     * Makes untrusted text safe to print: a name or reason must not move the cursor, recolour the screen or change the
     * text direction, because an approver could then see something other than what they approve.
     */
    static String clean(String text) {
        StringBuilder clean = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (isUnsafe(c)) {
                if (clean == null) {
                    clean = new StringBuilder(text);
                }
                clean.setCharAt(i, Character.isWhitespace(c) ? ' ' : '\uFFFD');
            }
        }
        return clean == null ? text : clean.toString();
    }

    private static boolean isUnsafe(char c) {
        return c < ' '
                || c >= 0x7f && c <= 0x9f
                || c == 0x2028
                || c == 0x2029
                || c >= 0x200e && c <= 0x200f
                || c >= 0x202a && c <= 0x202e
                || c >= 0x2066 && c <= 0x2069;
    }

    /** @return a field of an answer as text, empty if it is missing or null */
    static String field(JsonNode object, String name) {
        JsonNode value = object.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return "";
        }
        return clean(value.isValueNode() ? value.asText() : value.toString());
    }

    /** @return the principal in a field, with its kind unless it is a person or Countersign itself */
    static String principal(JsonNode object, String name) {
        String type = field(object, name + "_type");
        return field(object, name)
                + (type.isEmpty() || type.equals("person") || type.equals("system") || type.equals("anonymous")
                        ? ""
                        : " (" + type + ")");
    }

    /** @return how long ago an instant was, in its largest unit: {@code 42s}, {@code 5m}, {@code 3h}, {@code 12d} */
    static String age(String instant, Instant now) {
        Duration age;
        try {
            age = Duration.between(Instant.parse(instant), now);
        } catch (DateTimeParseException e) {
            return instant;
        }
        if (age.toDays() > 0) {
            return age.toDays() + "d";
        }
        if (age.toHours() > 0) {
            return age.toHours() + "h";
        }
        if (age.toMinutes() > 0) {
            return age.toMinutes() + "m";
        }
        return Math.max(0, age.toSeconds()) + "s";
    }

    /**
     * @param object an answer with the fields of a failed attempt
     * @return {@code attempt 2 of 5 failed: its API cannot be reached; next attempt at 12:04:10Z}, with the zone's
     *     offset; empty if none failed
     */
    static String failure(JsonNode object, ZoneId zone) {
        if (!object.hasNonNull("attempt")) {
            return "";
        }
        String next = field(object, "next_attempt_at");
        return "attempt " + field(object, "attempt") + " of " + field(object, "attempts") + " failed: "
                + field(object, "failure").replaceFirst("\\.$", "")
                + (next.isEmpty() ? "; not retried automatically" : "; next attempt at " + time(next, zone));
    }

    private static String time(String instant, ZoneId zone) {
        try {
            return DateTimeFormatter.ISO_OFFSET_TIME.format(
                    Instant.parse(instant).atZone(zone).truncatedTo(ChronoUnit.SECONDS));
        } catch (DateTimeParseException e) {
            return instant;
        }
    }

    /** @return the lines of a table, with two spaces between columns; the first row contains the headings */
    static List<String> table(List<List<String>> rows) {
        int[] widths = new int[rows.get(0).size()];
        for (List<String> row : rows) {
            for (int column = 0; column < widths.length; column++) {
                widths[column] = Math.max(widths[column], row.get(column).length());
            }
        }
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < widths.length; column++) {
                String cell = row.get(column);
                line.append(cell).append(" ".repeat(widths[column] - cell.length() + 2));
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }
}
