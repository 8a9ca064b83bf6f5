package io.countersign.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvTest {

    @Test
    void cells_are_quoted_where_they_must_be() {
        assertThat(Csv.line(Arrays.asList("plain", 7L, null, "a,b", "say \"yes\"", "two\nlines")))
                .isEqualTo("plain,7,,\"a,b\",\"say \"\"yes\"\"\",\"two\nlines\"\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"=1+1", "+1", "-1", "@SUM(A1)", "\tx", "＝1"})
    void text_that_a_spreadsheet_would_run_is_text(String formula) {
        assertThat(Csv.line(List.of(formula))).isEqualTo("'" + formula + "\r\n");
    }

    @Test
    void formula_stays_text_inside_quotes() {
        assertThat(Csv.line(List.of("=HYPERLINK(\"http://x\",\"y\")")))
                .isEqualTo("\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\"\r\n");
    }
}
