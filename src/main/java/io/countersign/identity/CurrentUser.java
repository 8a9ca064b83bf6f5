package io.countersign.identity;

import java.util.Optional;
import org.springframework.security.authentication.AuthenticationCredentialsNotFoundException;

/** The signed-in person of the current thread's request, however they signed in. */
public final class CurrentUser {

    private CurrentUser() {}

    /** @return the signed-in person; empty in engine jobs, for programs and without sign-in */
    public static Optional<UserId> find() {
        return Principal.current().person();
    }

    /**
     * @return the signed-in person
     * @throws AuthenticationCredentialsNotFoundException if nobody is signed in
     */
    public static UserId get() {
        return find().orElseThrow(() -> new AuthenticationCredentialsNotFoundException("Nobody is signed in."));
    }
}
