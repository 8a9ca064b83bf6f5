package io.countersign.change;

import io.countersign.api.problem.Conflict;
import io.countersign.identity.Permission;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * A transition table: the events, the statuses they lead from and to, and who triggers them. Events that are not in the
 * table cannot happen.
 *
 * @param <S> the statuses
 * @param <E> the events
 */
public final class Lifecycle<S extends Enum<S>, E extends Enum<E> & Lifecycle.Event> {

    /** An event in a thing's life. */
    public interface Event {

        /** @return the permission to trigger it; empty if only the process triggers it */
        default Optional<Permission> permission() {
            return Optional.empty();
        }

        /** @return who triggers it, in user-facing words */
        default String who() {
            return permission()
                    .map(permission -> "holders of `" + permission.wireName() + "`")
                    .orElse("the process");
        }
    }

    /**
     * One row of the table.
     *
     * @param from the status before; empty if the thing does not exist yet
     * @param event what happens
     * @param to the status after; empty if the thing is gone then
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
     * @param table every row
     * @param refusal why an event cannot happen in a status
     */
    public Lifecycle(List<Transition<S, E>> table, BiFunction<S, E, Conflict> refusal) {
        this.table = List.copyOf(table);
        this.refusal = refusal;
    }

    /** @return a row of a table; from and to are null for a thing that does not exist */
    public static <S extends Enum<S>, E extends Enum<E> & Event> Transition<S, E> line(S from, E event, S to) {
        return new Transition<>(Optional.ofNullable(from), event, Optional.ofNullable(to));
    }

    /** @return every row */
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
