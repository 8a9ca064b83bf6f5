package io.countersign.api.problem;

import java.time.Duration;

/** The same person asked for this too often: 429, and when to ask again. */
public final class TooManyRequests extends Problem {

    private final Duration wait;

    /**
     * @param code what was asked for too often, such as {@code too_many_confirmations}
     * @param explanation the same for a person
     * @param wait after which it is worth asking again
     */
    public TooManyRequests(ErrorCode code, String explanation, Duration wait) {
        super(code, explanation);
        this.wait = wait;
    }

    /** @return for the {@code Retry-After} header, in seconds */
    public String retryAfter() {
        return Long.toString(wait.toSeconds());
    }
}
