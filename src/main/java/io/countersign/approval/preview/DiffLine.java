package io.countersign.approval.preview;

import com.fasterxml.jackson.annotation.JsonValue;
import com.github.difflib.DiffUtils;
import com.github.difflib.algorithm.myers.MyersDiffWithLinearSpace;
import com.github.difflib.patch.DeltaType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A line of a difference.
 *
 * @param kind whether it is removed, added or kept
 * @param text the line
 */
public record DiffLine(Kind kind, String text) {

    /** The kinds of lines in a difference. */
    public enum Kind {
        SAME(" "),
        REMOVED("-"),
        ADDED("+");

        private final String sign;

        Kind(String sign) {
            this.sign = sign;
        }

        /** @return the prefix of such a line */
        public String sign() {
            return sign;
        }
    }

    /** Beyond this many comparisons all lines count as changed. */
    private static final long MAX_WORK = 4_000_000;

    /** @return sign and text, as in a patch */
    @JsonValue
    public String patchLine() {
        return kind.sign() + text;
    }

    /**
     * @param before a text, or null for none
     * @param after a text, or null for none
     * @return the shortest edit from one to the other, line by line
     */
    public static List<DiffLine> between(String before, String after) {
        List<String> a = lines(before);
        List<String> b = lines(after);
        if ((long) a.size() * b.size() > MAX_WORK) {
            return Stream.concat(lines(Kind.REMOVED, a), lines(Kind.ADDED, b)).toList();
        }
        List<DiffLine> result = new ArrayList<>();
        // Buffered, so that removed lines precede added ones.
        List<DiffLine> added = new ArrayList<>();
        DiffUtils.diff(a, b, new MyersDiffWithLinearSpace<>(), null, true)
                .getDeltas()
                .forEach(delta -> {
                    if (delta.getType() == DeltaType.EQUAL) {
                        result.addAll(added);
                        added.clear();
                        lines(Kind.SAME, delta.getSource().getLines()).forEach(result::add);
                    } else {
                        lines(Kind.REMOVED, delta.getSource().getLines()).forEach(result::add);
                        lines(Kind.ADDED, delta.getTarget().getLines()).forEach(added::add);
                    }
                });
        result.addAll(added);
        return result;
    }

    private static Stream<DiffLine> lines(Kind kind, List<String> texts) {
        return texts.stream().map(text -> new DiffLine(kind, text));
    }

    private static List<String> lines(String text) {
        return text == null ? List.of() : text.lines().toList();
    }
}
