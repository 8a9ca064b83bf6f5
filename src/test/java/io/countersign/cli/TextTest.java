package io.countersign.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextTest {

    @ParameterizedTest
    @CsvSource({
        "2025-06-01T12:00:00Z, 0s",
        "2025-06-01T12:00:30Z, 0s",
        "2025-06-01T11:59:18Z, 42s",
        "2025-06-01T11:55:00Z, 5m",
        "2025-06-01T09:00:00Z, 3h",
        "2022-06-01T12:00:00Z, 1096d",
        "long ago, long ago"
    })
    void ages_are_told_in_their_largest_unit(String instant, String age) {
        assertThat(Text.age(instant, Instant.parse("2025-06-01T12:00:00Z"))).isEqualTo(age);
    }

    @Test
    void what_others_wrote_cannot_steer_the_terminal() {
        assertThat(Text.clean("a\u001b[2Jb\u202ec\nd\u009be")).isEqualTo("a\uFFFD[2Jb\uFFFDc d\uFFFDe");
        assertThat(Text.clean("Zürich – 東京")).isEqualTo("Zürich – 東京");
    }

    @Test
    void columns_are_as_wide_as_their_widest_cell() {
        assertThat(Text.table(List.of(List.of("NAME", "STATE"), List.of("production", "RUNNING"), List.of("a", ""))))
                .containsExactly("NAME        STATE", "production  RUNNING", "a");
    }
}
