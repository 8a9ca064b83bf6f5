package io.countersign.target;

/** A target could not be reached or refused what it was asked. The message is for a person. */
final class TargetFailure extends RuntimeException {

    /** What is said of a target that is not worth waiting for. */
    static final String NO_ANSWER = "The cluster's API does not answer.";

    TargetFailure(String message) {
        super(message);
    }

    TargetFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
