package io.countersign.cluster;

/** The target gave up on a cluster. The message is what it says, for a person. */
final class ChangeFailed extends RuntimeException {

    ChangeFailed(String reason) {
        super(reason);
    }
}
