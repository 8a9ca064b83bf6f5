package io.countersign.approval.wording;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Comparator;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** The wording of a request's fields, the same in mails and on pages. */
public final class Wording {

    /** The reading order of field names: the name first, a minimum before its maximum. */
    public static final Comparator<String> READING_ORDER = Comparator.comparing((String name) -> !name.equals("name"))
            .thenComparing(name -> name.replaceFirst("^min_", "max_0"));

    /** The field that matters most to deciders; its name alone is too short to say so. */
    private static final String ADOPT = "adopt";

    private static final Pattern STEP =
            Pattern.compile("\\[(?<index>\\d+)]|\\[\"(?<quoted>(?:[^\"\\\\]|\\\\.)*)\"]|(?<plain>[^.\\[\\]]+)");

    private Wording() {}

    /**
     * @param path a field's path as in {@link Change#field}
     * @return {@code node_groups[0].max_nodes} as {@code Node groups 1 › max nodes}; quoted names stay as they are
     */
    public static String label(String path) {
        if (path.equals(ADOPT)) {
            return "Takes over what others made under its name";
        }
        StringBuilder label = new StringBuilder();
        Matcher step = STEP.matcher(path);
        while (step.find()) {
            if (step.group("index") != null) {
                // People count from 1.
                label.append(' ').append(Integer.parseInt(step.group("index")) + 1);
            } else {
                String name = step.group("quoted") != null
                        ? step.group("quoted").replaceAll("\\\\(.)", "$1")
                        : step.group("plain").replace('_', ' ');
                label.append(label.isEmpty() ? "" : " › ").append(name);
            }
        }
        return label.isEmpty() ? path : label.substring(0, 1).toUpperCase(Locale.ROOT) + label.substring(1);
    }

    /**
     * @return a value as text: a list with commas, no value as {@code none}, a text that could be mistaken for these in
     *     quotes
     */
    public static String text(JsonNode value) {
        if (value == null || value.isNull() || value.isContainerNode() && value.isEmpty()) {
            return "none";
        }
        if (value.isArray()) {
            return StreamSupport.stream(value.spliterator(), false)
                    .map(Wording::text)
                    .collect(Collectors.joining(", "));
        }
        if (value.isObject()) {
            return value.properties().stream()
                    .map(entry -> entry.getKey() + "=" + text(entry.getValue()))
                    .collect(Collectors.joining(", "));
        }
        if (!value.isTextual()) {
            return value.asText();
        }
        return switch (value.textValue()) {
            case "" -> "empty";
            case "empty", "none" -> '"' + value.textValue() + '"';
            default -> value.textValue();
        };
    }
}
