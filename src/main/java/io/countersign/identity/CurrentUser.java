package io.countersign.identity;

import java.util.Optional;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.authentication.AuthenticationCredentialsNotFoundException;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;

/** The signed-in person whose request this thread serves, whichever way they came in. */
public final class CurrentUser {

    private CurrentUser() {}

    /** @return the signed-in person, or empty in engine jobs and for anonymous requests */
    public static Optional<UserId> find() {
        Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
        return authentication == null
                        || authentication instanceof AnonymousAuthenticationToken
                        || !authentication.isAuthenticated()
                ? Optional.empty()
                : Optional.of(new UserId(authentication.getName()));
    }

    /**
     * @return the signed-in person
     * @throws AuthenticationCredentialsNotFoundException if nobody is signed in
     */
    public static UserId get() {
        return find().orElseThrow(() -> new AuthenticationCredentialsNotFoundException("Nobody is signed in."));
    }
}
