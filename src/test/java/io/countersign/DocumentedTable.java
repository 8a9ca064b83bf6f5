package io.countersign;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A table in the docs that lists what the code knows.
 *
 * @param page where it stands
 * @param header its first line
 */
public record DocumentedTable(Path page, String header) {

    /**
     * Compares the table with the code; with {@code -Ddocs=write}, writes it instead.
     *
     * @param test the test that writes it
     * @param rows what the table must hold
     */
    public void holds(String test, List<String> rows) throws IOException {
        String text = Files.readString(page);
        int start = text.indexOf('\n', text.indexOf("|---", text.indexOf(header + "\n"))) + 1;
        int end = text.indexOf("\n\n", start) + 1;
        String expected = String.join("\n", rows) + "\n";

        if ("write".equals(System.getProperty("docs"))) {
            text = text.substring(0, start) + expected + text.substring(end);
            Files.writeString(page, text);
            end = start + expected.length();
        }
        assertThat(text.substring(start, end))
                .as("%s is made by ./mvnw -Dtest=%s -Ddocs=write test", page, test)
                .isEqualTo(expected);
    }
}
