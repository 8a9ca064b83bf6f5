package io.countersign.console.layout;

import io.countersign.api.text.PlainTime;
import io.countersign.api.validation.Validation;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Dates and times typed into a form, in the zone that the form names. The form sends its zone along, so that the time
 * shown is the time meant even if the browser has changed zones.
 */
public final class FormTime {

    private static final String UTC = "UTC";

    private FormTime() {}

    /** @return the name of a zone, as the form shows it and sends it back */
    public static String name(ZoneId zone) {
        return zone.equals(ZoneOffset.UTC) ? UTC : zone.getId();
    }

    /** @return a time in the format of the form's field, to the minute */
    public static String write(Instant time, ZoneId zone) {
        return LocalDateTime.ofInstant(time, zone)
                .truncatedTo(ChronoUnit.MINUTES)
                .toString();
    }

    /**
     * @param field the field to report errors on
     * @param text what was typed
     * @param zone the zone that the form named; UTC if it names none
     * @return the time, or null if the field is empty or breaks a rule
     */
    public static Instant read(Validation validation, String field, String text, String zone) {
        if (text.isBlank()) {
            return null;
        }
        Optional<ZoneId> known = Appearance.zone(zone.isBlank() ? UTC : zone);
        if (!validation.check(known.isPresent(), field, "must be in a zone that is known")) {
            return null;
        }
        try {
            return PlainTime.require(
                    LocalDateTime.parse(text).atZone(known.get()).toInstant());
        } catch (DateTimeParseException e) {
            validation.check(false, field, "must be a date and time");
            return null;
        } catch (DateTimeException e) {
            validation.check(false, field, e.getMessage());
            return null;
        }
    }
}
