package io.countersign.approval.preview;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class DiffLineTest {

    @Test
    void only_what_differs_is_marked() {
        assertThat(patch("a\nb\nc\n", "a\nx\nc\nd\n")).containsExactly(" a", "-b", "+x", " c", "+d");
    }

    @Test
    void what_goes_stands_before_what_comes() {
        assertThat(patch("a\nb\nc\nd\n", "a\nx\ny\nz\nd\n")).containsExactly(" a", "-b", "-c", "+x", "+y", "+z", " d");
    }

    @Test
    void nothing_and_something() {
        assertThat(patch(null, "a\n")).containsExactly("+a");
        assertThat(patch("a\n", null)).containsExactly("-a");
        assertThat(patch(null, null)).isEmpty();
    }

    @Property(tries = 200)
    void both_texts_can_be_read_from_the_difference(
            @ForAll @Size(max = 12) List<Boolean> before, @ForAll @Size(max = 12) List<Boolean> after) {
        List<DiffLine> lines = DiffLine.between(text(before), text(after));

        assertThat(without(lines, DiffLine.Kind.ADDED))
                .isEqualTo(text(before).lines().toList());
        assertThat(without(lines, DiffLine.Kind.REMOVED))
                .isEqualTo(text(after).lines().toList());
    }

    private static String text(List<Boolean> lines) {
        return String.join("", lines.stream().map(line -> line + "\n").toList());
    }

    private static List<String> without(List<DiffLine> lines, DiffLine.Kind kind) {
        return lines.stream()
                .filter(line -> line.kind() != kind)
                .map(DiffLine::text)
                .toList();
    }

    private static List<String> patch(String before, String after) {
        return DiffLine.between(before, after).stream().map(DiffLine::patchLine).toList();
    }
}
