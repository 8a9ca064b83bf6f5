package io.countersign.identity.throttle;

import io.countersign.api.problem.ErrorCode;
import io.countersign.api.problem.TooManyRequests;
import java.time.Duration;
import org.springframework.security.core.AuthenticationException;

/** Too many wrong passwords: this one was refused without being checked. Reveals nothing about the name. */
public final class TooManyAttempts extends AuthenticationException {

    private final Duration wait;

    TooManyAttempts(Duration wait) {
        super("Too many failed attempts to sign in. Wait a while, then try again.");
        this.wait = wait;
    }

    /** @return for the {@code Retry-After} header, in seconds, at least 1 */
    public String retryAfter() {
        return Long.toString(Math.max(1, wait.plusMillis(999).toSeconds()));
    }

    /** @return the same, as a problem that pages and resources answer with */
    public TooManyRequests asProblem() {
        return new TooManyRequests(ErrorCode.TOO_MANY_ATTEMPTS, getMessage(), wait.plusMillis(999));
    }
}
