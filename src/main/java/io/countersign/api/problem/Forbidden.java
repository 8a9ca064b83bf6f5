package io.countersign.api.problem;

/** The caller may see the thing but not do this to it: 403 with the rule's code. */
public final class Forbidden extends Problem {

    /**
     * @param code the refusing rule, such as {@code missing_permission}
     * @param explanation the rule's explanation, for a person
     */
    public Forbidden(ErrorCode code, String explanation) {
        super(code, explanation);
    }
}
