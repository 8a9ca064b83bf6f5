package io.countersign.console;

import io.countersign.insights.Insights.Age;
import io.countersign.insights.Insights.Waiting;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * How long requests wait by now, laid out for an SVG of {@link #WIDTH} by {@link #height()}.
 *
 * @param rows one for each age, the youngest first
 */
record AgeChart(List<Row> rows) {

    static final int WIDTH = 1040;

    private static final int LEFT = 112;
    private static final int RIGHT = 48;
    private static final int ROW = 34;

    /**
     * One age.
     *
     * @param y the bar's top
     * @param width the bar's width
     * @param age the age in words
     * @param count how many requests
     * @param kinds what they are about, such as {@code 2 cluster, 1 route}; empty if there are none
     * @param old whether it is high time
     */
    record Row(double y, double width, String age, long count, String kinds, boolean old) {}

    static AgeChart of(List<Waiting> waiting) {
        List<Long> counts = Arrays.stream(Age.values())
                .map(age -> waiting.stream()
                        .filter(row -> row.age() == age)
                        .mapToLong(Waiting::count)
                        .sum())
                .toList();
        long most = counts.stream().mapToLong(Long::longValue).max().orElse(0);
        List<Row> rows = new ArrayList<>();
        for (Age age : Age.values()) {
            long count = counts.get(age.ordinal());
            rows.add(new Row(
                    age.ordinal() * ROW + 6.0,
                    count == 0 ? 0 : Math.max(2, Math.round((WIDTH - LEFT - RIGHT) * (double) count / most)),
                    age.text(),
                    count,
                    waiting.stream()
                            .filter(row -> row.age() == age)
                            .map(row -> row.count() + " " + Words.phrase(row.entityType()))
                            .collect(Collectors.joining(", ")),
                    age == Age.OLDER));
        }
        return new AgeChart(rows);
    }

    /** @return the SVG's height */
    public int height() {
        return rows.size() * ROW;
    }

    /** @return whether nothing waits */
    public boolean isEmpty() {
        return rows.stream().allMatch(row -> row.count() == 0);
    }

    /** @return what the chart shows, for those who do not see it */
    public String description() {
        return rows.stream().map(row -> row.age() + ": " + row.count()).collect(Collectors.joining("; ", "", "."));
    }
}
