package io.countersign.identity.people;

import java.util.Optional;

/**
 * How people may sign in to this server.
 *
 * @param password whether with a name and password
 * @param provider what the OpenID Connect provider is called, if there is one
 */
public record SignInWays(boolean password, Optional<String> provider) {

    /** Where signing in at the provider begins. */
    public static final String PROVIDER_PATH = "/oauth2/authorization/oidc";
}
