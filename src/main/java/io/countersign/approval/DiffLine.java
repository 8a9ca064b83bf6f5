package io.countersign.approval;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.ArrayList;
import java.util.List;

/**
 * A line of a difference.
 *
 * @param kind whether it goes, comes or stays
 * @param text the line
 */
public record DiffLine(Kind kind, String text) {

    /** What becomes of a line. */
    public enum Kind {
        SAME(" "),
        REMOVED("-"),
        ADDED("+");

        private final String sign;

        Kind(String sign) {
            this.sign = sign;
        }

        /** @return the sign that stands before such a line */
        public String sign() {
            return sign;
        }
    }

    /** Beyond so many comparisons all lines count as changed. */
    private static final long MAX_WORK = 4_000_000;

    /** @return sign and text, as a patch has it */
    @JsonValue
    public String patchLine() {
        return kind.sign() + text;
    }

    /**
     * @param before a text, or null for none
     * @param after a text, or null for none
     * @return the shortest way from one to the other, line by line
     */
    public static List<DiffLine> between(String before, String after) {
        List<String> a = lines(before);
        List<String> b = lines(after);
        List<DiffLine> result = new ArrayList<>();
        if ((long) a.size() * b.size() > MAX_WORK) {
            a.forEach(line -> result.add(new DiffLine(Kind.REMOVED, line)));
            b.forEach(line -> result.add(new DiffLine(Kind.ADDED, line)));
            return result;
        }
        // The length of what both have in common, from each pair of lines to the end.
        int[][] common = new int[a.size() + 1][b.size() + 1];
        for (int i = a.size() - 1; i >= 0; i--) {
            for (int j = b.size() - 1; j >= 0; j--) {
                common[i][j] = a.get(i).equals(b.get(j))
                        ? common[i + 1][j + 1] + 1
                        : Math.max(common[i + 1][j], common[i][j + 1]);
            }
        }
        int i = 0;
        int j = 0;
        while (i < a.size() || j < b.size()) {
            if (i < a.size() && j < b.size() && a.get(i).equals(b.get(j))) {
                result.add(new DiffLine(Kind.SAME, a.get(i)));
                i++;
                j++;
            } else if (i < a.size() && (j == b.size() || common[i + 1][j] >= common[i][j + 1])) {
                result.add(new DiffLine(Kind.REMOVED, a.get(i)));
                i++;
            } else {
                result.add(new DiffLine(Kind.ADDED, b.get(j)));
                j++;
            }
        }
        return result;
    }

    private static List<String> lines(String text) {
        return text == null || text.isEmpty() ? List.of() : text.lines().toList();
    }
}
