package io.countersign.console.layout;

import io.countersign.api.validation.Validation;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;

/**
 * A period as typed into a form.
 *
 * @param zone the zone of the times
 * @param from a time, or nothing for now
 * @param until a time
 */
public record FormPeriod(String zone, String from, String until) {

    /** Treats a missing field as an empty one. */
    public FormPeriod {
        zone = FormText.text(zone);
        from = FormText.text(from);
        until = FormText.text(until);
    }

    /** @return what an empty form proposes: this long, starting now */
    public static FormPeriod of(Instant now, Duration length, ZoneId zone) {
        return new FormPeriod(FormTime.name(zone), FormTime.write(now, zone), FormTime.write(now.plus(length), zone));
    }

    /** @return when it begins, or null for now; a malformed time is an error of the field */
    public Instant begins(Validation validation, String field) {
        return FormTime.read(validation, field, from, zone);
    }

    /** @return when it ends, or null if left empty; a malformed time is an error of the field */
    public Instant ends(Validation validation, String field) {
        return FormTime.read(validation, field, until, zone);
    }
}
