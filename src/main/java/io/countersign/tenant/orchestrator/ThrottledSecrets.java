package io.countersign.tenant.orchestrator;

import io.countersign.identity.Principal;
import io.countersign.identity.throttle.SignInThrottle;
import io.countersign.identity.throttle.TooManyAttempts;
import java.util.Collection;
import java.util.Set;
import java.util.function.Supplier;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.server.ServletServerHttpResponse;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.core.http.converter.OAuth2ErrorHttpMessageConverter;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2ClientAuthenticationToken;
import org.springframework.security.web.authentication.AuthenticationFailureHandler;
import org.springframework.util.function.SingletonSupplier;

/**
 * Slows down guessing of client secrets, and makes an unknown client take as long as a wrong secret. RFC 6749 has no
 * code for it: the answer is 429 with {@code temporarily_unavailable}.
 */
class ThrottledSecrets implements AuthenticationProvider {

    private static final Set<ClientAuthenticationMethod> SECRETS =
            Set.of(ClientAuthenticationMethod.CLIENT_SECRET_BASIC, ClientAuthenticationMethod.CLIENT_SECRET_POST);

    private final AuthenticationProvider secrets;
    private final OrchestratorClients clients;
    private final PasswordEncoder passwords;
    private final SignInThrottle throttle;
    private final Supplier<String> nobodysSecret;

    ThrottledSecrets(
            AuthenticationProvider secrets,
            OrchestratorClients clients,
            PasswordEncoder passwords,
            SignInThrottle throttle) {
        this.secrets = secrets;
        this.clients = clients;
        this.passwords = passwords;
        this.throttle = throttle;
        // Hashing is slow on purpose, and start-up need not wait for it.
        this.nobodysSecret = SingletonSupplier.of(() -> passwords.encode("nobody's secret"));
    }

    @Override
    public Authentication authenticate(Authentication authentication) {
        String client = authentication.getName();
        if (!(authentication instanceof OAuth2ClientAuthenticationToken token)
                || !SECRETS.contains(token.getClientAuthenticationMethod())) {
            return null;
        }
        try {
            return throttle.attempt(
                    SignInThrottle.Door.CLIENT, client, () -> known(client), () -> check(client, authentication));
        } catch (TooManyAttempts e) {
            throw new OAuth2AuthenticationException(
                    new OAuth2Error(OAuth2ErrorCodes.TEMPORARILY_UNAVAILABLE, e.getMessage(), null), e);
        }
    }

    @Override
    public boolean supports(Class<?> authentication) {
        return secrets.supports(authentication);
    }

    /** @return the answer to a client that did not authenticate */
    static AuthenticationFailureHandler answer() {
        HttpMessageConverter<OAuth2Error> errors = new OAuth2ErrorHttpMessageConverter();
        return (request, response, failure) -> {
            OAuth2Error error = ((OAuth2AuthenticationException) failure).getError();
            ServletServerHttpResponse answer = new ServletServerHttpResponse(response);
            if (failure.getCause() instanceof TooManyAttempts tooMany) {
                answer.setStatusCode(HttpStatus.TOO_MANY_REQUESTS);
                answer.getHeaders().set(HttpHeaders.RETRY_AFTER, tooMany.retryAfter());
            } else {
                answer.setStatusCode(
                        OAuth2ErrorCodes.INVALID_CLIENT.equals(error.getErrorCode())
                                ? HttpStatus.UNAUTHORIZED
                                : HttpStatus.BAD_REQUEST);
                // The details of the failure would reveal which clients exist.
                error = new OAuth2Error(error.getErrorCode());
            }
            errors.write(error, null, answer);
        };
    }

    private Authentication check(String client, Authentication authentication) {
        if (client.indexOf('\0') >= 0) {
            throw new OAuth2AuthenticationException(OAuth2ErrorCodes.INVALID_CLIENT);
        }
        if (!known(client)) {
            passwords.matches(String.valueOf(authentication.getCredentials()), nobodysSecret.get());
        }
        return new Typed((OAuth2ClientAuthenticationToken) secrets.authenticate(authentication));
    }

    /** A client that sent its secret, marked as an orchestrator. */
    private static final class Typed extends OAuth2ClientAuthenticationToken {

        private static final long serialVersionUID = 1;

        Typed(OAuth2ClientAuthenticationToken client) {
            super(client.getRegisteredClient(), client.getClientAuthenticationMethod(), client.getCredentials());
        }

        @Override
        public Collection<GrantedAuthority> getAuthorities() {
            return AuthorityUtils.createAuthorityList(Principal.Kind.ORCHESTRATOR.authority());
        }
    }

    private boolean known(String client) {
        return client.indexOf('\0') < 0 && clients.findByClientId(client) != null;
    }
}
