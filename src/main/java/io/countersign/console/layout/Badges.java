package io.countersign.console.layout;

import java.util.function.Function;

/**
 * The badges of one kind of status. A feature has one such bean for each kind that its pages show.
 *
 * @param type the kind
 * @param badge its badge for each value
 * @param <S> the same
 */
public record Badges<S extends Enum<S>>(Class<S> type, Function<S, Badge> badge) {

    Badge of(Enum<?> status) {
        return badge.apply(type.cast(status));
    }
}
