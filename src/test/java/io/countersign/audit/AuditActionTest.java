package io.countersign.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.DocumentedTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class AuditActionTest {

    @Test
    void docs_list_every_action() throws IOException {
        new DocumentedTable(Path.of("docs/audit.md"), "| action | the actor … |")
                .holds(
                        "AuditActionTest",
                        Arrays.stream(AuditAction.values())
                                .map(action -> "| `" + action.wireName() + "` | " + action.words()
                                        + (action.words().endsWith("stage") ? " *n*" : "") + " |")
                                .toList());
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
