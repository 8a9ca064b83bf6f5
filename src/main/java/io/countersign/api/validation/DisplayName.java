package io.countersign.api.validation;

import java.util.regex.Pattern;

/** The rule for display names: one line of text that displays as it is stored. */
public final class DisplayName {

    /** How long most names may be, in characters. */
    public static final int MAX_LENGTH = 200;

    /**
     * Control characters, line and paragraph separators, invisible characters and direction marks: format characters
     * and others that fonts ignore (Unicode, "Default_Ignorable_Code_Point"), and blanks other than spaces. This
     * includes joiners, although some scripts use them: names that look alike are worse.
     */
    private static final Pattern MISLEADING = Pattern.compile(
            "[\\p{Cc}\\p{Cf}\\u2028\\u2029\\u034f\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u2065\\u2800"
                    + "\\u3164\\ufe00-\\ufe0f\\uffa0\\ufff0-\\ufff8\\x{e0000}-\\x{e0fff}]");

    private static final Pattern VISIBLE = Pattern.compile("[\\p{L}\\p{N}\\p{P}\\p{S}]");

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
                        "must have 1 to " + maxLength + " characters")
                && validation.check(
                        !MISLEADING.matcher(name).find(),
                        field,
                        "must have no line breaks, control characters, direction marks or invisible characters")) {
            validation.check(VISIBLE.matcher(name).find(), field, "must have a visible character");
        }
    }

    /** @return a foreign name with blanks in place of forbidden characters; empty if nothing visible is left */
    public static String clean(String name) {
        String clean = MISLEADING.matcher(name).replaceAll(" ").strip();
        return VISIBLE.matcher(clean).find() ? clean : "";
    }
}
