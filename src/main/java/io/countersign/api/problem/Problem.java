package io.countersign.api.problem;

import java.util.Optional;

/**
 * A request that cannot be carried out, for a reason the caller can understand. {@link ProblemAdvice} answers it as
 * {@code application/problem+json} (RFC 9457).
 */
public abstract sealed class Problem extends RuntimeException
        permits NotFound, Forbidden, Conflict, PreconditionFailed, PreconditionRequired, TooManyRequests, InvalidInput {

    private final ErrorCode code;

    Problem(ErrorCode code, String explanation) {
        super(explanation);
        this.code = code;
    }

    /**
     * @param failure what was thrown, say by the engine round a listener of ours
     * @return the outermost problem among it and its causes, or empty if there is none
     */
    public static Optional<Problem> in(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof Problem problem) {
                return Optional.of(problem);
            }
        }
        return Optional.empty();
    }

    /** @return the stable, machine-readable reason */
    public ErrorCode code() {
        return code;
    }
}
