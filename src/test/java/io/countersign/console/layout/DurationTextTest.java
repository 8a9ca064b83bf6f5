package io.countersign.console.layout;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DurationTextTest {

    private final Locale before = Locale.getDefault();

    @AfterEach
    void restore() {
        Locale.setDefault(before);
    }

    @Test
    void durations_read_alike_wherever_the_server_runs() {
        Locale.setDefault(Locale.GERMANY);

        assertThat(Words.duration(Duration.ofHours(2))).isEqualTo("2 h");
        assertThat(Words.duration(Duration.ofMinutes(90))).isEqualTo("1.5 h");
        assertThat(Words.duration(Duration.ofDays(1))).isEqualTo("1 day");
    }
}
