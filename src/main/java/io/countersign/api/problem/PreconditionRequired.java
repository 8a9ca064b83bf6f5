package io.countersign.api.problem;

/** The caller did not say which version of the thing they have seen: 428. */
public final class PreconditionRequired extends Problem {

    /** @param explanation what to send, for a person */
    public PreconditionRequired(String explanation) {
        super(ErrorCode.PRECONDITION_REQUIRED, explanation);
    }
}
