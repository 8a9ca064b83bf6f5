package io.countersign.chain;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A hash of the chain, recorded outside the database.
 *
 * @param sequence the sequence of the entry with this hash; 0 if only the hash is known
 * @param hash its hash
 */
public record Anchor(long sequence, String hash) {

    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern NOTED =
            Pattern.compile("\"?sequence\"?[=:]\\s*(\\d{1,18})[,\\s]+\"?hash\"?[=:]\\s*\"?([0-9a-f]{64})\\b");
    private static final Pattern SHORT = Pattern.compile("(\\d{1,18}):([0-9a-f]{64})");

    /** Checks the hash. */
    public Anchor {
        if (sequence < 0 || hash == null || !HASH.matcher(hash).matches()) {
            throw new IllegalArgumentException("Not an anchor: a sequence and 64 hexadecimal digits are expected");
        }
    }

    /**
     * @param line a line of an anchor file, of a log, or a webhook's body
     * @return the anchor that it notes, if it does
     */
    public static Optional<Anchor> find(String line) {
        Matcher matcher = NOTED.matcher(line);
        return matcher.find()
                ? Optional.of(new Anchor(Long.parseLong(matcher.group(1)), matcher.group(2)))
                : Optional.empty();
    }

    /**
     * @param text {@code <sequence>:<hash>}, or a hash alone
     * @return the anchor, if it is one
     */
    public static Optional<Anchor> parse(String text) {
        if (HASH.matcher(text).matches()) {
            return Optional.of(new Anchor(0, text));
        }
        Matcher matcher = SHORT.matcher(text);
        return matcher.matches()
                ? Optional.of(new Anchor(Long.parseLong(matcher.group(1)), matcher.group(2)))
                : Optional.empty();
    }

    /** @return how it is noted: {@code sequence=… hash=…} */
    @Override
    public String toString() {
        return "sequence=" + sequence + " hash=" + hash;
    }
}
