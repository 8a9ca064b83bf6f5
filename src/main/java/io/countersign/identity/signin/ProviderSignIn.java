package io.countersign.identity.signin;

import io.countersign.api.http.BaseUrl;
import io.countersign.identity.throttle.SignInTrail;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.oidc.authentication.OidcIdTokenDecoderFactory;
import org.springframework.security.oauth2.client.oidc.web.logout.OidcClientInitiatedLogoutSuccessHandler;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizedClientRepository;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2RefreshToken;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.JwtDecoderFactory;
import org.springframework.security.web.authentication.AuthenticationSuccessHandler;
import org.springframework.security.web.authentication.logout.LogoutSuccessHandler;
import org.springframework.security.web.authentication.logout.SimpleUrlLogoutSuccessHandler;

/**
 * Sign-in at an OpenID Connect provider: the authorization code flow with PKCE and a nonce, into the same session that
 * the form creates.
 */
@Configuration(proxyBeanMethods = false)
class ProviderSignIn {

    private static final Set<String> EXPLAINED =
            Set.of("name_taken", "name_missing", "name_unusable", "deactivated", "no_group");
    private static final Logger log = LoggerFactory.getLogger(ProviderSignIn.class);

    private final ProviderProperties properties;
    private final ProviderPeople people;
    private final BaseUrl baseUrl;
    private final ProviderRegistration registration;
    private final EndedSessions sessions;
    private final SignInTrail trail;

    ProviderSignIn(
            ProviderProperties properties,
            ProviderPeople people,
            BaseUrl baseUrl,
            ProviderRegistration registration,
            EndedSessions sessions,
            SignInTrail trail) {
        this.properties = properties;
        this.people = people;
        this.baseUrl = baseUrl;
        this.registration = registration;
        this.sessions = sessions;
        this.trail = trail;
    }

    /** Checks issuer, audience, time and signature of ID tokens; Spring Security checks the nonce. */
    @Bean
    static JwtDecoderFactory<ClientRegistration> idTokens(ProviderProperties properties) {
        OidcIdTokenDecoderFactory factory = new OidcIdTokenDecoderFactory();
        SignatureAlgorithm algorithm = SignatureAlgorithm.from(properties.signatureAlgorithm());
        if (algorithm == null) {
            throw new IllegalArgumentException("countersign.sign-in.oidc.signature-algorithm is none that is known: "
                    + properties.signatureAlgorithm());
        }
        factory.setJwsAlgorithmResolver(registration -> algorithm);
        return factory;
    }

    /** Admits people who come from the provider. */
    void add(HttpSecurity http, String loginPage, AuthenticationSuccessHandler signedIn) throws Exception {
        http.oauth2Login(login -> login.loginPage(loginPage)
                .clientRegistrationRepository(registration.repository())
                .authorizedClientRepository(new RefreshTokens(sessions))
                .userInfoEndpoint(endpoint -> endpoint.oidcUserService(people))
                .successHandler(signedIn)
                .failureHandler((request, response, failure) -> refused(response, loginPage, failure)));
    }

    /** @return the redirect after signing out: via the provider, if the person came from there and it supports that */
    LogoutSuccessHandler signedOut(String page) {
        if (!properties.present()) {
            SimpleUrlLogoutSuccessHandler handler = new SimpleUrlLogoutSuccessHandler();
            handler.setDefaultTargetUrl(page);
            return handler;
        }
        OidcClientInitiatedLogoutSuccessHandler handler =
                new OidcClientInitiatedLogoutSuccessHandler(registration.repository());
        handler.setDefaultTargetUrl(page);
        handler.setPostLogoutRedirectUri(baseUrl.to(page));
        return handler;
    }

    private void refused(HttpServletResponse response, String loginPage, AuthenticationException failure)
            throws IOException {
        String code = failure instanceof OAuth2AuthenticationException refusal
                ? refusal.getError().getErrorCode()
                : failure.getClass().getSimpleName();
        log.warn(
                "event=sign_in outcome=refused way=provider code={} reason={}",
                code.replaceAll("[^\\w.-]", "?"),
                explanation(failure));
        trail.refusedFromProvider(EXPLAINED.contains(code) ? code : "provider");
        response.sendRedirect(loginPage + "?refused=" + (EXPLAINED.contains(code) ? code : "provider"));
    }

    /** @return the message on one line; the callback's parameters are untrusted */
    private static String explanation(AuthenticationException failure) {
        return String.valueOf(failure.getMessage()).replaceAll("\\p{Cntrl}", " ");
    }

    /** Keeps the refresh token for later checks, and no token that opens anything at the provider. */
    private static final class RefreshTokens implements OAuth2AuthorizedClientRepository {

        private final EndedSessions sessions;

        RefreshTokens(EndedSessions sessions) {
            this.sessions = sessions;
        }

        @Override
        public <T extends OAuth2AuthorizedClient> T loadAuthorizedClient(
                String registration, Authentication principal, HttpServletRequest request) {
            return null;
        }

        @Override
        public void saveAuthorizedClient(
                OAuth2AuthorizedClient client,
                Authentication principal,
                HttpServletRequest request,
                HttpServletResponse response) {
            sessions.begin(
                    request.getSession(),
                    (OidcUser) principal.getPrincipal(),
                    Optional.ofNullable(client.getRefreshToken()).map(OAuth2RefreshToken::getTokenValue));
        }

        @Override
        public void removeAuthorizedClient(
                String registration,
                Authentication principal,
                HttpServletRequest request,
                HttpServletResponse response) {}
    }
}
