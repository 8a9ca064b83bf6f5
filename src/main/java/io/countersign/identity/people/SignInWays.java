package io.countersign.identity.people;

import java.util.Optional;

/**
 * How people may sign in to this server.
 *
 * @param password whether with a name and password
 * @param provider the name of the OpenID Connect provider, if there is one
 */
public record SignInWays(boolean password, Optional<String> provider) {

    /** The path that starts sign-in at the provider. */
    public static final String PROVIDER_PATH = "/oauth2/authorization/oidc";
}
