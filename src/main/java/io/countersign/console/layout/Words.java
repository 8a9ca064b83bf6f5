package io.countersign.console.layout;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/** Converts programs' names into words for people. */
public final class Words {

    /** The words for each origin. */
    private static final Map<String, String> ORIGINS = Map.of(
            "console", "in the console",
            "mail", "by the link in a mail",
            "tasklist", "in Tasklist",
            "engine-rest", "through engine-rest",
            "api", "through the API",
            "system", "in an engine job");

    private Words() {}

    /** @return an origin, such as {@code by the link in a mail} */
    public static String origin(String wireName) {
        return ORIGINS.getOrDefault(wireName, wireName);
    }

    /** @return {@code kubernetes_version} as {@code kubernetes version} */
    public static String phrase(String name) {
        return name.replace('_', ' ').strip();
    }

    /** @return {@code kubernetes_version} as {@code Kubernetes version} */
    public static String label(String name) {
        String phrase = phrase(name);
        return phrase.isEmpty() ? phrase : phrase.substring(0, 1).toUpperCase(Locale.ROOT) + phrase.substring(1);
    }

    /** @return a duration in its largest unit: {@code 42 min}, {@code 3.5 h}, {@code 2.1 days} */
    public static String duration(Duration duration) {
        double minutes = duration.toMillis() / 60_000.0;
        if (minutes < 1) {
            return duration.toSeconds() + " s";
        }
        if (minutes < 60) {
            return number(minutes) + " min";
        }
        if (minutes < 60 * 24) {
            return number(minutes / 60) + " h";
        }
        String days = number(minutes / 60 / 24);
        return days + (days.equals("1") ? " day" : " days");
    }

    private static String number(double value) {
        String text = String.format(Locale.ROOT, "%.1f", value);
        return value >= 10 || text.endsWith(".0") ? Long.toString(Math.round(value)) : text;
    }
}
