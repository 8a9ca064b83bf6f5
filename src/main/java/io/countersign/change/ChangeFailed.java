package io.countersign.change;

/** The target gave up on a change. The message is the target's user-facing reason. */
final class ChangeFailed extends RuntimeException {

    ChangeFailed(String reason) {
        super(reason);
    }
}
