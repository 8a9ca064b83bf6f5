package io.countersign.api.problem;

/** The thing is no longer the one that the caller has seen: 412. */
public final class PreconditionFailed extends Problem {

    /** @param explanation what the caller can do now, for a person */
    public PreconditionFailed(String explanation) {
        super(ErrorCode.PRECONDITION_FAILED, explanation);
    }
}
