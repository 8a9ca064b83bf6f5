package io.countersign.api.problem;

/** The thing is not in a state that allows this: 409. */
public final class Conflict extends Problem {

    /**
     * @param code what is in the way, such as {@code already_decided}
     * @param explanation the same for a person
     */
    public Conflict(ErrorCode code, String explanation) {
        super(code, explanation);
    }
}
