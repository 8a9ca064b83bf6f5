package io.countersign.change;

/** How far the target is with a change. */
public sealed interface Outlook {

    /** The target is as approved. */
    record Done() implements Outlook {}

    /**
     * The target still works on it.
     *
     * @param reason what it waits for, as a sentence for people
     */
    record Waiting(String reason) implements Outlook {}

    /**
     * Somebody removed what was written.
     *
     * @param reason what it waits for once it is written again
     */
    record Gone(String reason) implements Outlook {}

    /**
     * The target gave up.
     *
     * @param reason why, as a sentence for people
     */
    record Failed(String reason) implements Outlook {}
}
