package io.countersign.console.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countersign.api.problem.InvalidInput;
import io.countersign.api.validation.Validation;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FormTimeTest {

    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    @ParameterizedTest
    @CsvSource({
        "2031-07-01T12:00, Europe/Berlin, 2031-07-01T10:00:00Z",
        "2031-01-01T12:00, Europe/Berlin, 2031-01-01T11:00:00Z",
        "2031-07-01T12:00, UTC, 2031-07-01T12:00:00Z",
        "2031-07-01T12:00, '', 2031-07-01T12:00:00Z",
        "2031-07-01T12:00, Asia/Kolkata, 2031-07-01T06:30:00Z"
    })
    void typed_time_is_meant_in_the_zone_that_the_form_names(String text, String zone, Instant meant) {
        assertThat(FormTime.read(new Validation(), "until", text, zone)).isEqualTo(meant);
    }

    @Test
    void time_is_written_as_it_is_read() {
        Instant time = Instant.parse("2031-07-01T10:00:30Z");

        assertThat(FormTime.write(time, BERLIN)).isEqualTo("2031-07-01T12:00");
        assertThat(FormTime.name(BERLIN)).isEqualTo("Europe/Berlin");
        assertThat(FormTime.name(ZoneOffset.UTC)).isEqualTo("UTC");
    }

    @Test
    void nothing_typed_is_no_time() {
        assertThat(FormTime.read(new Validation(), "from", " ", "Europe/Berlin"))
                .isNull();
    }

    @ParameterizedTest
    @CsvSource({"tomorrow, UTC, a date and time", "2031-07-01T12:00, Middle/Earth, a zone"})
    void what_is_no_time_is_named_with_its_field(String text, String zone, String rule) {
        Validation validation = new Validation();

        assertThat(FormTime.read(validation, "until", text, zone)).isNull();
        assertThatThrownBy(validation::done)
                .isInstanceOfSatisfying(
                        InvalidInput.class,
                        problem -> assertThat(problem.errors())
                                .singleElement()
                                .satisfies(error -> assertThat(error.message()).contains(rule)));
    }
}
