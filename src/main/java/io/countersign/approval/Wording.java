package io.countersign.approval;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** How the fields of a request are put into words, the same in mails and on pages. */
public final class Wording {

    /** The order in which people read field names: the name first, a minimum before its maximum. */
    public static final Comparator<String> READING_ORDER = Comparator.comparing((String name) -> !name.equals("name"))
            .thenComparing(name -> name.replaceFirst("^min_", "max_0"));

    private Wording() {}

    /** @return {@code node_groups[0].max_nodes} as {@code Node groups 1 › max nodes} */
    public static String label(String path) {
        String words = path.replaceAll("\\[(\\d+)]", " #$1").replace('_', ' ').replace(".", " › ");
        StringBuilder label = new StringBuilder();
        for (String word : words.split(" ")) {
            // People count from 1.
            String shown = word.matches("#\\d+") ? Integer.toString(Integer.parseInt(word.substring(1)) + 1) : word;
            label.append(label.isEmpty() ? "" : " ").append(shown);
        }
        return label.isEmpty() ? path : label.substring(0, 1).toUpperCase(Locale.ROOT) + label.substring(1);
    }

    /** @return a value as text: a list with commas, nothing as {@code none} */
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
        return value.isTextual() && value.textValue().isEmpty() ? "empty" : value.asText();
    }
}
