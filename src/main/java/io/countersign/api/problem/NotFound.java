package io.countersign.api.problem;

/** What was asked for does not exist, or the caller may not see it: both answer alike, with 404. */
public final class NotFound extends Problem {

    /**
     * @param kind what was looked for, such as {@code cluster}
     * @param id the id the caller gave
     */
    public NotFound(String kind, String id) {
        super(ErrorCode.NOT_FOUND, "There is no " + kind + " \"" + id + "\" that you may see.");
    }
}
