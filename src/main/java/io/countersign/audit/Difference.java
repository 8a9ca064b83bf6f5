package io.countersign.audit;

/**
 * The effect of an action.
 *
 * @param before the state before, writable as a JSON object; null for something new
 * @param after the state after, writable as a JSON object; null for something deleted
 */
public record Difference(Object before, Object after) {

    /** No existing state changed. */
    public static final Difference NONE = new Difference(null, null);

    /** @return the creation of something */
    public static Difference created(Object after) {
        return new Difference(null, after);
    }

    /** @return the deletion of something */
    public static Difference deleted(Object before) {
        return new Difference(before, null);
    }
}
