package io.countersign.console.layout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FormRowsTest {

    @ParameterizedTest
    @CsvSource({
        "add, abcd",
        "remove-0, bc",
        "remove-2, ab",
        "remove-3, abc",
        "up-2, acb",
        "up-0, abc",
        "up-3, abc",
        "up-x, abc",
        "other, abc"
    })
    void button_changes_the_rows(String change, String rows) {
        assertThat(FormRows.changed(List.of("a", "b", "c"), change, "d")).containsExactly(rows.split(""));
    }
}
