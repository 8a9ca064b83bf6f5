package io.countersign.console.insights;

import io.countersign.console.layout.Words;
import io.countersign.insights.Insights.Week;
import java.time.Duration;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The time to decision by week, laid out for an SVG of {@link #WIDTH} by {@link #HEIGHT}: a bar for the median, a mark
 * at the 90th percentile.
 *
 * @param bars one for each week, the current one last
 * @param ticks the lines behind the bars
 */
record TrendChart(List<Bar> bars, List<Tick> ticks) {

    static final int WIDTH = 1040;
    static final int HEIGHT = 260;

    private static final int LEFT = 64;
    private static final int TOP = 14;
    private static final int BOTTOM = HEIGHT - 30;
    private static final int MAX_LABELS = 12;
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("d MMM", Locale.ENGLISH);

    /** Distances between two lines that are easy to read. */
    private static final List<Duration> STEPS = List.of(
            Duration.ofSeconds(1),
            Duration.ofSeconds(5),
            Duration.ofSeconds(15),
            Duration.ofMinutes(1),
            Duration.ofMinutes(5),
            Duration.ofMinutes(15),
            Duration.ofMinutes(30),
            Duration.ofHours(1),
            Duration.ofHours(3),
            Duration.ofHours(6),
            Duration.ofHours(12),
            Duration.ofDays(1),
            Duration.ofDays(2),
            Duration.ofDays(7),
            Duration.ofDays(14),
            Duration.ofDays(30),
            Duration.ofDays(90));

    /**
     * One week.
     *
     * @param x the bar's left edge
     * @param width its width
     * @param y its top
     * @param height its height; 0 if nothing was decided
     * @param p90 the y of the mark at the 90th percentile; null if nothing was decided
     * @param label the week's first day; null where there is no room for it
     * @param week the same in words
     * @param count how many requests were decided
     * @param median the median in words; null if nothing was decided
     * @param p90Text the 90th percentile in words; null if nothing was decided
     */
    record Bar(
            double x,
            double width,
            double y,
            double height,
            Double p90,
            String label,
            String week,
            long count,
            String median,
            String p90Text) {

        /** @return the bar's middle */
        public double middle() {
            return x + width / 2;
        }
    }

    /**
     * A line behind the bars.
     *
     * @param y its y
     * @param label the duration it marks
     */
    record Tick(double y, String label) {}

    static TrendChart of(List<Week> weeks) {
        long longest = weeks.stream()
                .flatMap(week -> week.durations().p90().stream())
                .mapToLong(Duration::toMillis)
                .max()
                .orElse(0);
        long step = STEPS.stream()
                .mapToLong(Duration::toMillis)
                .filter(millis -> longest <= 4 * millis)
                .findFirst()
                .orElse(Math.max(1, longest / 4));
        long lines = Math.max(1, (longest + step - 1) / step);
        double scale = (BOTTOM - TOP) / (double) (lines * step);
        List<Tick> ticks = new ArrayList<>();
        for (long i = 0; i <= lines; i++) {
            ticks.add(new Tick(
                    round(BOTTOM - i * step * scale), i == 0 ? "0" : Words.duration(Duration.ofMillis(i * step))));
        }
        double slot = (WIDTH - LEFT) / (double) weeks.size();
        int every = (weeks.size() + MAX_LABELS - 1) / MAX_LABELS;
        List<Bar> bars = new ArrayList<>();
        for (int i = 0; i < weeks.size(); i++) {
            Week week = weeks.get(i);
            double height = week.durations()
                    .median()
                    .map(median -> Math.max(1, median.toMillis() * scale))
                    .orElse(0.0);
            boolean labelled = (weeks.size() - 1 - i) % every == 0;
            bars.add(new Bar(
                    round(LEFT + i * slot + slot * 0.2),
                    round(slot * 0.6),
                    round(BOTTOM - height),
                    round(height),
                    week.durations()
                            .p90()
                            .map(p90 -> round(BOTTOM - p90.toMillis() * scale))
                            .orElse(null),
                    labelled ? DAY.format(week.monday()) : null,
                    DAY.format(week.monday()),
                    week.durations().count(),
                    text(week.durations().median()),
                    text(week.durations().p90())));
        }
        return new TrendChart(bars, ticks);
    }

    /** @return whether there is nothing to draw */
    public boolean isEmpty() {
        return bars.stream().allMatch(bar -> bar.count() == 0);
    }

    /** @return what the chart shows, as text for people who cannot see it */
    public String description() {
        Bar newest = bars.stream()
                .filter(bar -> bar.count() > 0)
                .reduce((earlier, later) -> later)
                .orElseThrow();
        return "%d weeks. In the week of %s, half of %d decided requests took no longer than %s, nine in ten no longer than %s."
                .formatted(bars.size(), newest.week(), newest.count(), newest.median(), newest.p90Text());
    }

    private static String text(Optional<Duration> duration) {
        return duration.map(Words::duration).orElse(null);
    }

    private static double round(double value) {
        return Math.round(value * 10) / 10.0;
    }
}
