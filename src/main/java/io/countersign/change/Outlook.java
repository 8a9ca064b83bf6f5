package io.countersign.change;

/** The target's progress on a change. */
public sealed interface Outlook {

    /** The target is as approved. */
    record Done() implements Outlook {}

    /**
     * The target is still working on it.
     *
     * @param reason what it waits for, as a user-facing sentence
     */
    record Waiting(String reason) implements Outlook {}

    /**
     * What was written has been removed.
     *
     * @param reason the user-facing sentence for the wait once it is written again
     */
    record Gone(String reason) implements Outlook {}

    /**
     * The target gave up.
     *
     * @param reason why, as a user-facing sentence
     */
    record Failed(String reason) implements Outlook {}
}
