package io.countersign.target;

/** How far a target is with an object. */
public sealed interface Progress {

    /** The object is as it was asked for. */
    record Ready() implements Progress {}

    /**
     * The target still works on it.
     *
     * @param waitingFor what is missing, for a person
     */
    record InProgress(String waitingFor) implements Progress {}

    /**
     * The target gave up on it.
     *
     * @param reason why, for a person
     */
    record Failed(String reason) implements Progress {}

    /** There is no such object. */
    record Absent() implements Progress {}
}
