package io.countersign.audit;

/**
 * What an action changed.
 *
 * @param before what was there before, writable as a JSON object; null for something new
 * @param after what is there now, writable as a JSON object; null for something deleted
 */
public record Difference(Object before, Object after) {

    /** Nothing that was there before is different now. */
    public static final Difference NONE = new Difference(null, null);

    /** @return that something is new */
    public static Difference created(Object after) {
        return new Difference(null, after);
    }

    /** @return that something is gone */
    public static Difference deleted(Object before) {
        return new Difference(before, null);
    }
}
