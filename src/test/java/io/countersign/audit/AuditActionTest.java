package io.countersign.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class AuditActionTest {

    private static final Path PAGE = Path.of("docs/audit.md");
    private static final String HEADER = "| action | the actor … |\n|---|---|\n";

    /** With {@code -Ddocs=write}, writes the table instead of comparing it. */
    @Test
    void docs_list_every_action() throws IOException {
        String expected = Arrays.stream(AuditAction.values())
                .map(action -> "| `" + action.wireName() + "` | " + action.words()
                        + (action.words().endsWith("stage") ? " *n*" : "") + " |\n")
                .collect(Collectors.joining());
        String page = Files.readString(PAGE);
        int start = page.indexOf(HEADER) + HEADER.length();
        int end = page.indexOf("\n\n", start) + 1;

        if ("write".equals(System.getProperty("docs"))) {
            page = page.substring(0, start) + expected + page.substring(end);
            Files.writeString(PAGE, page);
            end = start + expected.length();
        }
        assertThat(page.substring(start, end))
                .as("docs/audit.md is made by ./mvnw -Dtest=AuditActionTest -Ddocs=write test")
                .isEqualTo(expected);
    }

    @Test
    void actions_are_found_by_their_names_in_the_trail() {
        assertThat(AuditAction.values())
                .allSatisfy(action ->
                        assertThat(AuditAction.find(action.wireName())).contains(action));
        assertThat(AuditAction.find("take_back")).contains(AuditAction.TAKE_BACK);
        assertThat(AuditAction.find("set_limit")).isEmpty();
    }
}
