package io.countersign.change;

import io.countersign.api.FailedTry;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Reports failed attempts, from the first one on. Nothing is recorded for this: failures are read from the engine's
 * jobs, which disappear when they succeed.
 */
public interface FailedTries {

    /**
     * @param subjects what is being carried out, by the ids that the variable of a {@link TriedProcess} holds
     * @return those whose last attempt failed, with that attempt
     */
    Map<UUID, FailedTry> of(Collection<UUID> subjects);

    /** @return whether the last attempt failed for anything that is being carried out */
    boolean any();

    /** @return the last attempt, if it failed */
    default Optional<FailedTry> of(UUID subject) {
        return Optional.ofNullable(of(List.of(subject)).get(subject));
    }
}
