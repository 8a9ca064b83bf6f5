package io.countersign.change;

import io.countersign.api.problem.Conflict;
import io.countersign.identity.Permission;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * A table of which event leads from which status to which, and who brings it about. What is not in the table does not
 * happen.
 *
 * @param <S> the statuses
 * @param <E> the events
 */
public final class Lifecycle<S extends Enum<S>, E extends Enum<E> & Lifecycle.Event> {

    /** What happens to a thing. */
    public interface Event {

        /** @return what a person needs to bring it about; empty if only the process does */
        default Optional<Permission> permission() {
            return Optional.empty();
        }

        /** @return who brings it about, for people */
        default String who() {
            return permission()
                    .map(permission -> "holders of `" + permission.wireName() + "`")
                    .orElse("the process");
        }
    }

    /**
     * One line of the table.
     *
     * @param from the status before; empty for what does not exist yet
     * @param event what happens
     * @param to the status after; empty for what is gone then
     */
    public record Transition<S extends Enum<S>, E extends Enum<E> & Event>(Optional<S> from, E event, Optional<S> to) {

        @Override
        public String toString() {
            return from.map(Enum::name).orElse("-") + " " + event + " "
                    + to.map(Enum::name).orElse("-");
        }
    }

    private final List<Transition<S, E>> table;
    private final BiFunction<S, E, Conflict> refusal;

    /**
     * @param table every line
     * @param refusal why an event cannot happen in a status
     */
    public Lifecycle(List<Transition<S, E>> table, BiFunction<S, E, Conflict> refusal) {
        this.table = List.copyOf(table);
        this.refusal = refusal;
    }

    /** @return a line of a table, from and to null for what does not exist */
    public static <S extends Enum<S>, E extends Enum<E> & Event> Transition<S, E> line(S from, E event, S to) {
        return new Transition<>(Optional.ofNullable(from), event, Optional.ofNullable(to));
    }

    /** @return every line */
    public List<Transition<S, E>> table() {
        return table;
    }

    /** @return where an event leads from a status; empty if it cannot happen there */
    public Optional<Transition<S, E>> find(S from, E event) {
        return table.stream()
                .filter(line -> line.from().equals(Optional.ofNullable(from)) && line.event() == event)
                .findFirst();
    }

    /** @return the events that can happen in a status, in the table's order */
    public List<E> possibleIn(S from) {
        return table.stream()
                .filter(line -> line.from().equals(Optional.ofNullable(from)))
                .map(Transition::event)
                .toList();
    }

    /** @throws Conflict if an event cannot happen in a status */
    public void require(S from, E event) {
        if (find(from, event).isEmpty()) {
            throw refusal.apply(from, event);
        }
    }

    /**
     * @return where an event leads from a status
     * @throws Conflict if it cannot happen there
     */
    public S after(S from, E event) {
        return find(from, event).flatMap(Transition::to).orElseThrow(() -> refusal.apply(from, event));
    }
}
