package io.countersign.tenant;

import java.util.regex.Pattern;

/** The rule for contact addresses. */
final class Emails {

    /** The rule in words, read after a field's name. */
    static final String RULE = "must be an e-mail address of at most 254 characters";

    private static final Pattern ADDRESS = Pattern.compile("[^@\\s\\p{Cc}<>,;]+@[^@\\s\\p{Cc}<>,;]+");

    private Emails() {}

    /** @return whether the text keeps the rule; false for null */
    static boolean isAddress(String text) {
        return text != null && text.length() <= 254 && ADDRESS.matcher(text).matches();
    }
}
