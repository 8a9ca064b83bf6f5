package io.countersign.console.insights;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.approval.figures.ApprovalFigures.Durations;
import io.countersign.console.layout.Words;
import io.countersign.insights.Insights.Age;
import io.countersign.insights.Insights.Waiting;
import io.countersign.insights.Insights.Week;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How the charts of the insights are laid out. */
class TrendChartTest {

    private static final LocalDate MONDAY = LocalDate.of(2025, 6, 2);

    @Test
    void bars_reach_the_median_and_marks_the_90th_percentile() {
        TrendChart chart = TrendChart.of(List.of(
                week(0, Duration.ofHours(2), Duration.ofHours(4)),
                week(1),
                week(2, Duration.ofHours(1), Duration.ofHours(2))));

        assertThat(chart.ticks()).extracting(TrendChart.Tick::label).containsExactly("0", "1 h", "2 h", "3 h", "4 h");
        TrendChart.Bar first = chart.bars().get(0);
        assertThat(first.y()).isEqualTo(chart.ticks().get(2).y());
        assertThat(first.p90()).isEqualTo(chart.ticks().get(4).y());
        assertThat(chart.bars().get(1).height()).isZero();
        assertThat(chart.bars().get(1).p90()).isNull();
        assertThat(chart.description())
                .isEqualTo("3 weeks. In the week of 16 Jun, half of 7 decided requests took no longer than 1 h,"
                        + " nine in ten no longer than 2 h.");
    }

    @Test
    void a_long_period_has_labels_that_fit_with_the_present_week_among_them() {
        List<Week> weeks = new ArrayList<>();
        for (int i = 0; i < 52; i++) {
            weeks.add(week(i, Duration.ofDays(400), Duration.ofDays(500)));
        }

        TrendChart chart = TrendChart.of(weeks);

        assertThat(chart.bars().stream().filter(bar -> bar.label() != null)).hasSizeLessThanOrEqualTo(12);
        assertThat(chart.bars().get(51).label()).isNotNull();
        assertThat(chart.bars()).allSatisfy(bar -> {
            assertThat(bar.x() + bar.width()).isLessThanOrEqualTo(TrendChart.WIDTH);
            assertThat(bar.y()).isBetween(0.0, (double) TrendChart.HEIGHT);
            assertThat(bar.p90()).isPositive();
        });
    }

    @Test
    void period_without_decisions_is_empty() {
        assertThat(TrendChart.of(List.of(week(0), week(1))).isEmpty()).isTrue();
    }

    @Test
    void ages_are_drawn_in_order_and_said_in_words() {
        AgeChart chart = AgeChart.of(List.of(
                new Waiting(Age.UNDER_A_DAY, "cluster", 1),
                new Waiting(Age.UNDER_A_DAY, "route", 3),
                new Waiting(Age.OLDER, "tenant", 2)));

        assertThat(chart.rows()).extracting(AgeChart.Row::count).containsExactly(0L, 4L, 0L, 0L, 2L);
        assertThat(chart.rows().get(1).kinds()).isEqualTo("1 cluster, 3 route");
        assertThat(chart.rows()).extracting(AgeChart.Row::percent).containsExactly(0.0, 100.0, 0.0, 0.0, 50.0);
        assertThat(chart.rows().get(4).old()).isTrue();
        assertThat(chart.description())
                .isEqualTo("under 1 hour: 0; 1 to 24 hours: 4; 1 to 3 days: 0; 3 to 7 days: 0; over 7 days: 2.");
        assertThat(AgeChart.of(List.of()).isEmpty()).isTrue();
    }

    @Test
    void durations_are_told_in_their_largest_unit() {
        assertThat(Words.duration(Duration.ofSeconds(42))).isEqualTo("42 s");
        assertThat(Words.duration(Duration.ofSeconds(90))).isEqualTo("1.5 min");
        assertThat(Words.duration(Duration.ofMinutes(42))).isEqualTo("42 min");
        assertThat(Words.duration(Duration.ofHours(24))).isEqualTo("1 day");
        assertThat(Words.duration(Duration.ofHours(60))).isEqualTo("2.5 days");
    }

    private static Week week(int number) {
        return new Week(MONDAY.plusWeeks(number), new Durations(0, Optional.empty(), Optional.empty()));
    }

    private static Week week(int number, Duration median, Duration p90) {
        return new Week(MONDAY.plusWeeks(number), new Durations(7, Optional.of(median), Optional.of(p90)));
    }
}
