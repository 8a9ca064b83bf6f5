package io.countersign.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countersign.api.problem.Conflict;
import io.countersign.api.problem.ErrorCode;
import io.countersign.change.Lifecycle.Transition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ClusterLifecycleTest {

    private static final Path DOCS = Path.of("docs/clusters.md");

    static Stream<Transition<ClusterStatus, ClusterEvent>> table() {
        return ClusterLifecycle.TABLE.table().stream();
    }

    static Stream<Arguments> everythingElse() {
        return Arrays.stream(ClusterStatus.values())
                .flatMap(from -> Arrays.stream(ClusterEvent.values())
                        .filter(event ->
                                table().noneMatch(line -> line.from().orElseThrow() == from && line.event() == event))
                        .map(event -> Arguments.of(from, event)));
    }

    @ParameterizedTest
    @MethodSource("table")
    void every_line_of_the_table_happens(Transition<ClusterStatus, ClusterEvent> line) {
        assertThat(ClusterLifecycle.TABLE.after(line.from().orElseThrow(), line.event()))
                .isEqualTo(line.to().orElseThrow());
    }

    @ParameterizedTest
    @MethodSource("everythingElse")
    void nothing_else_happens(ClusterStatus from, ClusterEvent event) {
        assertThatThrownBy(() -> ClusterLifecycle.TABLE.after(from, event))
                .isInstanceOfSatisfying(
                        Conflict.class, refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.WRONG_STATE));
    }

    @Test
    void an_event_leads_from_a_status_to_one_other_only() {
        assertThat(table().map(line -> line.from().orElseThrow() + " " + line.event()))
                .doesNotHaveDuplicates();
    }

    @Test
    void people_change_clusters_only_when_running_or_failed() {
        Set<ClusterStatus> from = table().filter(
                        line -> line.event().permission().isPresent())
                .map(line -> line.from().orElseThrow())
                .collect(Collectors.toSet());

        assertThat(from).containsExactlyInAnyOrder(ClusterStatus.RUNNING, ClusterStatus.PROVISIONING_FAILED);
    }

    @Test
    void ended_clusters_stay_ended_and_all_others_can_get_there() {
        Set<ClusterStatus> canEnd = EnumSet.noneOf(ClusterStatus.class);
        for (int i = 0; i < ClusterStatus.values().length; i++) {
            table().filter(line -> line.to().orElseThrow().ended()
                            || canEnd.contains(line.to().orElseThrow()))
                    .forEach(line -> canEnd.add(line.from().orElseThrow()));
        }

        assertThat(canEnd)
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(ClusterStatus.values())
                        .filter(status -> !status.ended())
                        .toList());
    }

    /** With {@code -Ddocs=write}, writes the table instead of comparing it. */
    @Test
    void docs_show_the_table() throws IOException {
        String head = "| from | event | to | who |\n|---|---|---|---|\n";
        String text = Files.readString(DOCS);
        String expected = Pattern.compile(Pattern.quote(head) + "(\\|.*\n)*")
                .matcher(text)
                .replaceFirst(Matcher.quoteReplacement(
                        table().map(ClusterLifecycleTest::row).collect(Collectors.joining("", head, ""))));

        if ("write".equals(System.getProperty("docs"))) {
            Files.writeString(DOCS, expected);
        } else {
            assertThat(text).contains(head).isEqualTo(expected);
        }
    }

    private static String row(Transition<ClusterStatus, ClusterEvent> line) {
        return "| `%s` | `%s` | `%s` | %s |\n"
                .formatted(
                        line.from().orElseThrow(),
                        line.event(),
                        line.to().orElseThrow(),
                        line.event().who());
    }
}
