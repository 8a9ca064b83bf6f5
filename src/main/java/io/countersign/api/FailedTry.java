package io.countersign.api;

import java.time.Instant;
import java.util.Optional;

/**
 * What is being carried out and failed, as long as no try has succeeded.
 *
 * @param attempt which try it was, from 1
 * @param attempts how many there are before a person has to mend something
 * @param failure why it failed, as a sentence for people
 * @param nextAttemptAt when it is tried again; empty if it is not, unless a person says so
 */
public record FailedTry(int attempt, int attempts, String failure, Optional<Instant> nextAttemptAt) {

    /** @return the fields of a JSON answer, all of them null if nothing failed */
    public static Fields fields(Optional<FailedTry> tried) {
        return new Fields(
                tried.map(FailedTry::attempt).orElse(null),
                tried.map(FailedTry::attempts).orElse(null),
                tried.map(FailedTry::failure).orElse(null),
                tried.flatMap(FailedTry::nextAttemptAt).orElse(null));
    }

    /** The same, where nothing need have failed. */
    public record Fields(Integer attempt, Integer attempts, String failure, Instant nextAttemptAt) {}
}
