package io.countersign.tenant.orchestrator;

import io.countersign.api.secret.RandomToken;
import io.countersign.identity.throttle.SignInThrottle;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.server.authorization.OAuth2TokenType;
import org.springframework.security.oauth2.server.authorization.authentication.ClientSecretAuthenticationProvider;
import org.springframework.security.oauth2.server.authorization.config.annotation.web.configurers.OAuth2AuthorizationServerConfigurer;
import org.springframework.security.oauth2.server.authorization.settings.AuthorizationServerSettings;
import org.springframework.security.oauth2.server.authorization.token.OAuth2TokenContext;
import org.springframework.security.oauth2.server.authorization.token.OAuth2TokenGenerator;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.AnyRequestMatcher;

/**
 * OAuth2 client credentials (RFC 6749, 4.4) for orchestrators. The token endpoint is the only reachable endpoint of
 * Spring Authorization Server.
 */
@Configuration(proxyBeanMethods = false)
class OrchestratorSignIn {

    private static final String TOKEN_ENDPOINT = "/oauth2/token";

    @Bean
    @Order(0)
    SecurityFilterChain orchestratorsSignIn(
            HttpSecurity http,
            OrchestratorClients clients,
            OrchestratorTokens tokens,
            SignInThrottle throttle,
            PasswordEncoder passwords,
            Clock clock)
            throws Exception {
        return http.securityMatcher(PathPatternRequestMatcher.withDefaults().matcher(TOKEN_ENDPOINT))
                .with(
                        OAuth2AuthorizationServerConfigurer.authorizationServer(),
                        server -> server.registeredClientRepository(clients)
                                .authorizationService(tokens)
                                .authorizationServerSettings(AuthorizationServerSettings.builder()
                                        .tokenEndpoint(TOKEN_ENDPOINT)
                                        .build())
                                .tokenGenerator(opaqueTokens(clock))
                                .clientAuthentication(authentication -> authentication
                                        .authenticationProviders(providers -> providers.replaceAll(
                                                provider -> provider instanceof ClientSecretAuthenticationProvider
                                                        ? new ThrottledSecrets(provider, clients, passwords, throttle)
                                                        : provider))
                                        .errorResponseHandler(ThrottledSecrets.answer())))
                .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                .exceptionHandling(handling -> handling.authenticationEntryPoint(OrchestratorSignIn::refuse))
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                // The token endpoint's own configuration enables it again.
                .csrf(csrf -> csrf.ignoringRequestMatchers(AnyRequestMatcher.INSTANCE))
                .requestCache(cache -> cache.disable())
                .build();
    }

    /** A caller who gets here sent no credentials, or did not use POST. */
    private static void refuse(HttpServletRequest request, HttpServletResponse response, AuthenticationException nobody)
            throws IOException {
        if (HttpMethod.POST.matches(request.getMethod())) {
            response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Basic realm=\"Countersign\"");
            response.sendError(HttpStatus.UNAUTHORIZED.value());
        } else {
            response.setHeader(HttpHeaders.ALLOW, HttpMethod.POST.name());
            response.sendError(HttpStatus.METHOD_NOT_ALLOWED.value());
        }
    }

    /** Tokens are opaque and checked in the database, so a deprovisioned orchestrator is refused immediately. */
    private static OAuth2TokenGenerator<OAuth2AccessToken> opaqueTokens(Clock clock) {
        return (OAuth2TokenContext context) -> {
            if (!OAuth2TokenType.ACCESS_TOKEN.equals(context.getTokenType())) {
                return null;
            }
            Instant now = clock.instant();
            return new OAuth2AccessToken(
                    OAuth2AccessToken.TokenType.BEARER,
                    OrchestratorTokens.PREFIX + RandomToken.next(),
                    now,
                    now.plus(context.getRegisteredClient().getTokenSettings().getAccessTokenTimeToLive()),
                    context.getAuthorizedScopes());
        };
    }
}
