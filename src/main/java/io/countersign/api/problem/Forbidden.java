package io.countersign.api.problem;

/** The caller may see the thing but not do this to it: 403 with the rule's code. */
public final class Forbidden extends Problem {

    /**
     * @param code the rule that refuses, such as {@code missing_permission}
     * @param explanation what the rule says, for a person
     */
    public Forbidden(ErrorCode code, String explanation) {
        super(code, explanation);
    }
}
