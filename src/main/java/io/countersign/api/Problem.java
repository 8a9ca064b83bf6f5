package io.countersign.api;

/**
 * A request that cannot be carried out, for a reason the caller can understand. {@link ProblemAdvice} answers it as
 * {@code application/problem+json} (RFC 9457).
 */
public abstract sealed class Problem extends RuntimeException permits NotFound, Forbidden, Conflict, InvalidInput {

    private final String code;

    Problem(String code, String explanation) {
        super(explanation);
        this.code = code;
    }

    /** @return the stable, machine-readable reason, such as {@code self_approval} */
    public String code() {
        return code;
    }
}
