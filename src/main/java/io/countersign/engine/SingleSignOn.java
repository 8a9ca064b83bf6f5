package io.countersign.engine;

import jakarta.servlet.http.HttpServletRequest;
import org.camunda.bpm.engine.ProcessEngine;
import org.camunda.bpm.engine.rest.security.auth.AuthenticationResult;
import org.camunda.bpm.engine.rest.security.auth.impl.ContainerBasedAuthenticationProvider;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;

/**
 * Signs people in to Camunda's web applications as whom they signed in to the console. Camunda creates it by its public
 * constructor.
 */
public class SingleSignOn extends ContainerBasedAuthenticationProvider {

    @Override
    public AuthenticationResult extractAuthenticatedUser(HttpServletRequest request, ProcessEngine engine) {
        Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
        if (authentication == null
                || authentication instanceof AnonymousAuthenticationToken
                || !authentication.isAuthenticated()) {
            return AuthenticationResult.unsuccessful();
        }
        // Camunda's filter fails on someone whom the identity provider does not know (any more).
        boolean known = engine.getIdentityService()
                        .createUserQuery()
                        .userId(authentication.getName())
                        .count()
                == 1;
        return known ? AuthenticationResult.successful(authentication.getName()) : AuthenticationResult.unsuccessful();
    }
}
