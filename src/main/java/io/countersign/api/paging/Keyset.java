package io.countersign.api.paging;

import java.sql.Timestamp;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The order of a list by columns that together tell its rows apart. A page starts after the last item of the page
 * before, so it costs the same however deep it lies.
 *
 * @param <T> the list's items
 */
public final class Keyset<T> {

    private final List<String> columns;
    private final boolean descending;
    private final Function<PageRequest.Key, List<Object>> values;
    private final Function<T, PageRequest.Key> key;

    private Keyset(
            List<String> columns,
            boolean descending,
            Function<PageRequest.Key, List<Object>> values,
            Function<T, PageRequest.Key> key) {
        this.columns = columns;
        this.descending = descending;
        this.values = values;
        this.key = key;
    }

    /**
     * @param time the column of the time
     * @param id the column that distinguishes rows of the same instant
     * @param idOf reads that id from a key
     * @param key the place of an item
     * @return the order from the newest to the oldest
     */
    public static <T> Keyset<T> newestFirst(
            String time, String id, Function<PageRequest.Key, ?> idOf, Function<T, PageRequest.Key> key) {
        return new Keyset<>(List.of(time, id), true, timeAndId(idOf), key);
    }

    /**
     * @param time the column of the time
     * @param id the column that distinguishes rows of the same instant
     * @param idOf reads that id from a key
     * @param key the place of an item
     * @return the order from the oldest to the newest
     */
    public static <T> Keyset<T> oldestFirst(
            String time, String id, Function<PageRequest.Key, ?> idOf, Function<T, PageRequest.Key> key) {
        return new Keyset<>(List.of(time, id), false, timeAndId(idOf), key);
    }

    /**
     * @param number the column whose numbers ascend
     * @param key the place of an item
     * @return the order of the numbers
     */
    public static <T> Keyset<T> numbered(String number, Function<T, PageRequest.Key> key) {
        return new Keyset<>(List.of(number), false, last -> List.of(last.number()), key);
    }

    private static Function<PageRequest.Key, List<Object>> timeAndId(Function<PageRequest.Key, ?> idOf) {
        return last -> List.of(Timestamp.from(last.time()), idOf.apply(last));
    }

    /** @return the condition that a row comes after a key, with a parameter for each of {@link #values} */
    String after() {
        return "(" + String.join(", ", columns) + (descending ? ") < (" : ") > (")
                + columns.stream().map(column -> "?").collect(Collectors.joining(", ")) + ")";
    }

    /** @return the parameters of {@link #after} */
    List<Object> values(PageRequest.Key last) {
        return values.apply(last);
    }

    /** @return the columns of {@code order by} */
    String order() {
        return columns.stream()
                .map(column -> descending ? column + " desc" : column)
                .collect(Collectors.joining(", "));
    }

    /** @return the cursor of the page that follows an item */
    public String cursor(T item) {
        return key.apply(item).toCursor();
    }
}
