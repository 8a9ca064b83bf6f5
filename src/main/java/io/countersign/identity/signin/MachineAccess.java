package io.countersign.identity.signin;

import io.countersign.identity.Principal;
import io.countersign.identity.signin.DoorRules.Door;
import java.util.List;
import java.util.Optional;
import org.springframework.security.oauth2.core.OAuth2AuthenticatedPrincipal;

/**
 * A kind of non-human caller with its own tokens. It can reach only its own endpoints, and no other caller can reach
 * those. Implemented by the module that knows such callers.
 */
public interface MachineAccess {

    /** @return its callers' kind of principal */
    Principal.Kind kind();

    /** @return its endpoints, with full paths */
    List<Door> doors();

    /**
     * @param token the token from a request
     * @return the caller, with the authority of {@link #kind()}; empty if the token is not of this kind, unknown or
     *     expired
     */
    Optional<OAuth2AuthenticatedPrincipal> introspect(String token);
}
