package io.countersign.console.layout;

import io.countersign.api.validation.Validation;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;

/**
 * A period that a form asks for, as it was typed.
 *
 * @param zone the zone that the times are in
 * @param from a time, or nothing for now
 * @param until a time
 */
public record FormPeriod(String zone, String from, String until) {

    /** Takes a field that is missing for one that is empty. */
    public FormPeriod {
        zone = FormText.text(zone);
        from = FormText.text(from);
        until = FormText.text(until);
    }

    /** @return what a fresh form proposes: from now on, for so long */
    public static FormPeriod of(Instant now, Duration length, ZoneId zone) {
        return new FormPeriod(FormTime.name(zone), FormTime.write(now, zone), FormTime.write(now.plus(length), zone));
    }

    /** @return when it begins, or null for now; the field is blamed if that cannot be read */
    public Instant begins(Validation validation, String field) {
        return FormTime.read(validation, field, from, zone);
    }

    /** @return when it ends, or null if nothing was typed; the field is blamed if that cannot be read */
    public Instant ends(Validation validation, String field) {
        return FormTime.read(validation, field, until, zone);
    }
}
