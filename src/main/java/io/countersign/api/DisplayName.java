package io.countersign.api;

import java.util.regex.Pattern;

/** The rule for names that people give to things and to themselves: one line of text that reads as it is written. */
public final class DisplayName {

    /** How long most names may be, in characters. */
    public static final int MAX_LENGTH = 200;

    /** Control characters, line and paragraph separators, and what turns the direction of reading. */
    private static final Pattern MISLEADING =
            Pattern.compile("[\\p{Cc}\\u2028\\u2029\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069]");

    private DisplayName() {}

    /**
     * Notes a name that breaks the rule.
     *
     * @param name the name, which may be missing
     * @param field where it is in the body
     * @param maxLength how many characters it may have
     */
    public static void check(Validation validation, String name, String field, int maxLength) {
        if (validation.check(
                name != null && !name.isBlank() && name.length() <= maxLength,
                field,
                "must have 1 to " + maxLength + " characters")) {
            validation.check(
                    !MISLEADING.matcher(name).find(),
                    field,
                    "must have no line breaks, control characters or direction marks");
        }
    }

    /** @return a name that somebody else gave, with blanks for what the rule forbids */
    public static String clean(String name) {
        return MISLEADING.matcher(name).replaceAll(" ").strip();
    }
}
