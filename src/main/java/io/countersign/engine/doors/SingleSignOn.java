package io.countersign.engine.doors;

import io.countersign.identity.CurrentUser;
import io.countersign.identity.UserId;
import jakarta.servlet.http.HttpServletRequest;
import org.camunda.bpm.engine.ProcessEngine;
import org.camunda.bpm.engine.rest.security.auth.AuthenticationResult;
import org.camunda.bpm.engine.rest.security.auth.impl.ContainerBasedAuthenticationProvider;

/**
 * Signs people in to Camunda's web applications with their console session. Camunda instantiates it through its public
 * constructor.
 */
public class SingleSignOn extends ContainerBasedAuthenticationProvider {

    @Override
    public AuthenticationResult extractAuthenticatedUser(HttpServletRequest request, ProcessEngine engine) {
        // Camunda's filter fails for a user that the identity provider does not know (any more).
        return CurrentUser.find()
                .map(UserId::value)
                .filter(person -> engine.getIdentityService()
                                .createUserQuery()
                                .userId(person)
                                .count()
                        == 1)
                .map(AuthenticationResult::successful)
                .orElseGet(AuthenticationResult::unsuccessful);
    }
}
