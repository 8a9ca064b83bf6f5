package io.countersign.api;

import java.time.Instant;
import java.util.Optional;

/**
 * The latest failed attempt of a running change, until an attempt succeeds.
 *
 * @param attempt the number of the attempt, from 1
 * @param attempts how many attempts there are before a person has to intervene
 * @param failure why it failed, as a sentence for people
 * @param nextAttemptAt when the next attempt is due; empty if only a person can start one
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
