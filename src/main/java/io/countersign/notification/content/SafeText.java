package io.countersign.notification.content;

import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Makes user input harmless in a mail: a name with a line break must neither add a header nor fake a line of the
 * message.
 */
public final class SafeText {

    private static final int MAX_SUBJECT_LENGTH = 200;
    private static final Pattern LINE_BREAK = Pattern.compile("\\r\\n|[\\n\\r\\u000b\\u000c\\u0085\\u2028\\u2029]");
    /** Control characters, including those that change the text direction. */
    private static final Pattern INVISIBLE = Pattern.compile("[\\p{Cc}\\u202a-\\u202e\\u2066-\\u2069]");

    private SafeText() {}

    /** @return the text on one line, for headers and labels */
    public static String line(String text) {
        String line = LINE_BREAK.matcher(text).replaceAll(" ");
        return INVISIBLE.matcher(line).replaceAll("").strip();
    }

    /** @return the text on one line of at most 200 characters */
    public static String subject(String text) {
        String line = line(text);
        return line.length() <= MAX_SUBJECT_LENGTH ? line : line.substring(0, MAX_SUBJECT_LENGTH - 1) + "…";
    }

    /** @return the text with every further line indented, so that none looks like ours */
    public static String block(String text) {
        return text.strip()
                .lines()
                .flatMap(line -> LINE_BREAK.splitAsStream(line))
                .map(SafeText::line)
                .collect(Collectors.joining("\n    "));
    }
}
