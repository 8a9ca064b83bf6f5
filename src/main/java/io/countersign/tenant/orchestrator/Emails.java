package io.countersign.tenant.orchestrator;

import java.util.regex.Pattern;

/** The rule for contact addresses. */
public final class Emails {

    /** The rule in words, to follow a field's name. */
    public static final String RULE = "must be an e-mail address of at most 254 characters";

    private static final Pattern ADDRESS = Pattern.compile("[^@\\s\\p{Cc}<>,;]+@[^@\\s\\p{Cc}<>,;]+");

    private Emails() {}

    /** @return whether the text follows the rule; false for null */
    public static boolean isAddress(String text) {
        return text != null && text.length() <= 254 && ADDRESS.matcher(text).matches();
    }
}
