package io.countersign.api.paging;

import java.util.List;
import java.util.function.Function;

/**
 * One page of a list.
 *
 * @param items at most as many as asked for
 * @param nextCursor where the next page starts, or null on the last page
 */
public record Page<T>(List<T> items, String nextCursor) {

    /**
     * Cuts a page from rows, of which one more than requested was read.
     *
     * @param rows up to {@code limit + 1} rows
     * @param limit the page's size
     * @param cursorOf the cursor of a row
     * @return the page; it has a cursor if there was one more row
     */
    public static <T> Page<T> of(List<T> rows, int limit, Function<T, String> cursorOf) {
        if (rows.size() <= limit) {
            return new Page<>(rows, null);
        }
        List<T> items = rows.subList(0, limit);
        return new Page<>(List.copyOf(items), cursorOf.apply(items.get(limit - 1)));
    }

    /**
     * @param mapper converts each item
     * @return the same page of other items
     */
    public <R> Page<R> map(Function<? super T, ? extends R> mapper) {
        return new Page<>(items.stream().<R>map(mapper).toList(), nextCursor);
    }
}
