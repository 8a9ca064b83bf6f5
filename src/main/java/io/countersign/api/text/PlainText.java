package io.countersign.api.text;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The rule for every text that comes in: PostgreSQL can store it, and it consists of whole characters. */
public final class PlainText {

    private PlainText() {}

    /** @return the rule that a text breaks, read after the field's name, or empty if it breaks none */
    public static Optional<String> brokenRule(String text) {
        if (text.indexOf('\0') >= 0) {
            return Optional.of("must not contain NUL");
        }
        return StandardCharsets.UTF_8.newEncoder().canEncode(text)
                ? Optional.empty()
                : Optional.of("must not contain half a character (a lone surrogate)");
    }
}
