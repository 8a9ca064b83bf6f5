package io.countersign.approval.kind;

/**
 * What approving a request leads to, in words.
 *
 * @param foretold told before the last decision, as a sentence
 * @param reached told to the person whose decision was the last, as a sentence
 * @param awaited told while an approved request is not carried out yet, continuing its title
 */
public record Consequence(String foretold, String reached, String awaited) {

    /** An approved request is carried out without another step. */
    public static final Consequence CARRIED_OUT_AT_ONCE = new Consequence(
            "If you approve, it is carried out at once.", "It is being carried out now.", "is about to be carried out");
}
