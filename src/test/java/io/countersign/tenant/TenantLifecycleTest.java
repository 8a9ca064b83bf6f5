package io.countersign.tenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countersign.api.problem.Conflict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class TenantLifecycleTest {

    @Test
    void documentation_lists_the_same_table() throws IOException {
        String table = TenantLifecycle.TABLE.table().stream()
                .map(transition -> "| `%s` | `%s` | `%s` | %s |\n"
                        .formatted(
                                transition.from().orElseThrow().wireName(),
                                transition.event().wireName(),
                                transition.to().orElseThrow().wireName(),
                                transition.event().who()))
                .collect(Collectors.joining("", "| from | event | to | by |\n|---|---|---|---|\n", "\n"));

        assertThat(Files.readString(Path.of("docs/tenants.md"))).contains(table);
    }

    @Test
    void refusal_says_what_is_valid_now() {
        assertThatThrownBy(() -> TenantLifecycle.TABLE.after(TenantStatus.PENDING_APPROVAL, TenantEvent.SUSPEND))
                .isInstanceOf(Conflict.class)
                .hasMessage("A tenant that is pending_approval cannot take \"suspend\". Valid now: approve, reject.");
        assertThatThrownBy(() -> TenantLifecycle.TABLE.after(TenantStatus.REJECTED, TenantEvent.APPROVE))
                .hasMessageEndingWith("No event is valid any more: its orchestrator must register it again.");
    }
}
