package io.countersign.identity.signin;

import io.countersign.identity.Principal;
import io.countersign.identity.signin.DoorRules.Door;
import java.util.List;
import java.util.Optional;
import org.springframework.security.oauth2.core.OAuth2AuthenticatedPrincipal;

/**
 * A kind of non-human caller with its own tokens. It reaches its own endpoints and no others; nobody else reaches
 * those. Implemented by the module that knows such callers.
 */
public interface MachineAccess {

    /** @return which kind of principal its callers are */
    Principal.Kind kind();

    /** @return its endpoints, with their whole paths */
    List<Door> doors();

    /**
     * @param token what a request carries
     * @return the caller, with the authority of {@link #kind()}; empty if the token is none of this kind, unknown or
     *     expired
     */
    Optional<OAuth2AuthenticatedPrincipal> introspect(String token);
}
