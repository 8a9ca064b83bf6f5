package bench;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Figures in words. */
final class Text {

    private Text() {}

    static String rates(List<Double> rates) {
        return rates.stream()
                .map(rate -> String.format(Locale.ROOT, "%.1f", rate))
                .collect(Collectors.joining(", "));
    }

    static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
