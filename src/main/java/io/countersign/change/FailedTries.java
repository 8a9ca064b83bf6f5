package io.countersign.change;

import io.countersign.api.FailedTry;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Tells of tries that failed, from the first one on. Nothing is recorded for that: it is read from the engine's jobs,
 * which go when they succeed.
 */
public interface FailedTries {

    /**
     * @param subjects what is being carried out, by the ids that the variable of a {@link TriedProcess} holds
     * @return those whose last try failed
     */
    Map<UUID, FailedTry> of(Collection<UUID> subjects);

    /** @return whether anything failed at its last try, of all that is being carried out */
    boolean any();

    /** @return the last try, if it failed */
    default Optional<FailedTry> of(UUID subject) {
        return Optional.ofNullable(of(List.of(subject)).get(subject));
    }
}
