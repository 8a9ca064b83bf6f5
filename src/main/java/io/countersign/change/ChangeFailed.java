package io.countersign.change;

/** The target gave up on a change. The message is what it says, for a person. */
final class ChangeFailed extends RuntimeException {

    ChangeFailed(String reason) {
        super(reason);
    }
}
