package io.countersign.target;

/** A target could not be reached or refused what it was asked. The message is for a person. */
final class TargetFailure extends RuntimeException {

    TargetFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
