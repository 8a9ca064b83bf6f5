package io.countersign.gateway;

import io.countersign.api.problem.Conflict;
import io.countersign.api.problem.ErrorCode;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A table of which event leads from which status to which. What is not in the table does not happen.
 *
 * @param table every line
 * @param <S> the statuses
 * @param <E> the events
 */
public record Lifecycle<S extends Enum<S>, E extends Enum<E>>(List<Transition<S, E>> table) {

    /**
     * One line of the table.
     *
     * @param from the status before; empty for what does not exist yet
     * @param event what happens
     * @param to the status after; empty for what is gone then
     */
    public record Transition<S extends Enum<S>, E extends Enum<E>>(Optional<S> from, E event, Optional<S> to) {

        @Override
        public String toString() {
            return from.map(Enum::name).orElse("-") + " " + event + " "
                    + to.map(Enum::name).orElse("-");
        }
    }

    static <S extends Enum<S>, E extends Enum<E>> Transition<S, E> line(S from, E event, S to) {
        return new Transition<>(Optional.ofNullable(from), event, Optional.ofNullable(to));
    }

    /** @return where an event leads from a status; empty if it cannot happen there */
    public Optional<Transition<S, E>> find(S from, E event) {
        return table.stream()
                .filter(line -> line.from().equals(Optional.ofNullable(from)) && line.event() == event)
                .findFirst();
    }

    /**
     * @return where an event leads from a status
     * @throws Conflict with {@code wrong_state} if it cannot happen there
     */
    S after(S from, E event) {
        return find(from, event)
                .flatMap(Transition::to)
                .orElseThrow(() -> new Conflict(
                        ErrorCode.WRONG_STATE,
                        "This cannot happen while the status is " + from.name().toLowerCase(Locale.ROOT) + "."));
    }
}
