package io.countersign.approval.kind;

/**
 * The consequence of approving a request, in words.
 *
 * @param foretold the sentence shown before the last decision
 * @param reached the sentence shown to the person who made the last decision
 * @param awaited the continuation of the title of an approved request that is not yet carried out
 */
public record Consequence(String foretold, String reached, String awaited) {

    /** An approved request is carried out without another step. */
    public static final Consequence CARRIED_OUT_AT_ONCE = new Consequence(
            "If you approve, it is carried out at once.", "It is being carried out now.", "is about to be carried out");
}
