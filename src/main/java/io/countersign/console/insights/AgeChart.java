package io.countersign.console.insights;

import io.countersign.console.layout.Words;
import io.countersign.insights.Insights.Age;
import io.countersign.insights.Insights.Waiting;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The ages of waiting requests, laid out for an SVG of the available width and {@link #height()} high: for each age a
 * line of text with a bar below it.
 *
 * @param rows one for each age, the youngest first
 */
record AgeChart(List<Row> rows) {

    private static final int ROW = 46;

    /**
     * One age.
     *
     * @param y the top of its text
     * @param percent the bar's width
     * @param age the age in words
     * @param count how many requests
     * @param kinds what they are about, such as {@code 2 cluster, 1 route}; empty if there are none
     * @param old whether it is overdue
     */
    record Row(int y, double percent, String age, long count, String kinds, boolean old) {}

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
                    age.ordinal() * ROW,
                    count == 0 ? 0 : Math.max(1, Math.round(1000.0 * count / most) / 10.0),
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

    /** @return what the chart shows, as text for people who cannot see it */
    public String description() {
        return rows.stream().map(row -> row.age() + ": " + row.count()).collect(Collectors.joining("; ", "", "."));
    }
}
