package io.countersign.identity.signin;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.client.SimpleClientHttpRequestFactory;
import org.springframework.http.converter.FormHttpMessageConverter;
import org.springframework.security.oauth2.client.endpoint.OAuth2RefreshTokenGrantRequest;
import org.springframework.security.oauth2.client.endpoint.RestClientRefreshTokenTokenResponseClient;
import org.springframework.security.oauth2.client.http.OAuth2ErrorResponseErrorHandler;
import org.springframework.security.oauth2.client.oidc.userinfo.OidcUserRequest;
import org.springframework.security.oauth2.client.oidc.userinfo.OidcUserService;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.userinfo.DefaultOAuth2UserService;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.OAuth2AuthorizationException;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.core.OAuth2RefreshToken;
import org.springframework.security.oauth2.core.endpoint.OAuth2AccessTokenResponse;
import org.springframework.security.oauth2.core.http.converter.OAuth2AccessTokenResponseHttpMessageConverter;
import org.springframework.security.oauth2.core.oidc.OidcIdToken;
import org.springframework.security.oauth2.core.oidc.endpoint.OidcParameterNames;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoderFactory;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;

/** Asks the provider whether an account is still valid and what its groups are now. */
@Component
class ProviderCheck {

    private static final Logger log = LoggerFactory.getLogger(ProviderCheck.class);

    /** A page waits for the answer. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    /** A refresh requires an access token, but does not send it. */
    private static final OAuth2AccessToken FORGOTTEN =
            new OAuth2AccessToken(OAuth2AccessToken.TokenType.BEARER, "forgotten", null, null);

    private final ProviderRegistration registration;
    private final ProviderSessions sessions;
    private final ProviderPeople people;
    private final JwtDecoderFactory<ClientRegistration> idTokens;
    private final RestClientRefreshTokenTokenResponseClient tokens = new RestClientRefreshTokenTokenResponseClient();
    private final OidcUserService users = new OidcUserService();

    ProviderCheck(
            ProviderRegistration registration,
            ProviderSessions sessions,
            ProviderPeople people,
            JwtDecoderFactory<ClientRegistration> idTokens) {
        this.registration = registration;
        this.sessions = sessions;
        this.people = people;
        this.idTokens = idTokens;
        SimpleClientHttpRequestFactory patient = new SimpleClientHttpRequestFactory();
        patient.setConnectTimeout(PATIENCE);
        patient.setReadTimeout(PATIENCE);
        tokens.setRestClient(RestClient.builder()
                .requestFactory(patient)
                .messageConverters(converters -> {
                    converters.clear();
                    converters.add(new FormHttpMessageConverter());
                    converters.add(new OAuth2AccessTokenResponseHttpMessageConverter());
                })
                .defaultStatusHandler(new OAuth2ErrorResponseErrorHandler())
                .build());
        RestTemplate userInfo = new RestTemplate(patient);
        userInfo.setErrorHandler(new OAuth2ErrorResponseErrorHandler());
        DefaultOAuth2UserService plain = new DefaultOAuth2UserService();
        plain.setRestOperations(userInfo);
        users.setOauth2UserService(plain);
    }

    /** The provider's answer. */
    enum Answer {
        /** The account is valid, and its roles match its groups. */
        IN_ORDER,
        /** The provider refuses: the account or its session there has ended, or its groups no longer admit it. */
        REFUSED,
        /** The provider did not answer. */
        NONE
    }

    /**
     * Asks the provider, and grants and removes roles accordingly.
     *
     * @param session the session to check
     * @param refreshToken its refresh token
     * @param signedInWith the ID token from sign-in, for a provider that sends no new one
     */
    Answer ask(ProviderSessions.Session session, String refreshToken, OidcIdToken signedInWith) {
        OidcUser claims;
        try {
            ClientRegistration provider = registration.get();
            OAuth2AccessTokenResponse response = tokens.getTokenResponse(new OAuth2RefreshTokenGrantRequest(
                    provider, FORGOTTEN, new OAuth2RefreshToken(refreshToken, null)));
            if (response.getRefreshToken() != null) {
                // The old one may not work a second time.
                sessions.keep(session.id(), response.getRefreshToken().getTokenValue());
            }
            OidcIdToken idToken =
                    response.getAdditionalParameters().get(OidcParameterNames.ID_TOKEN) instanceof String text
                            ? idToken(provider, text)
                            : signedInWith;
            claims = users.loadUser(new OidcUserRequest(
                    provider, response.getAccessToken(), idToken, response.getAdditionalParameters()));
        } catch (OAuth2AuthorizationException e) {
            if (OAuth2ErrorCodes.INVALID_GRANT.equals(e.getError().getErrorCode())) {
                return Answer.REFUSED;
            }
            return notAnswered(session, e);
        } catch (RuntimeException e) {
            return notAnswered(session, e);
        }
        if (!claims.getSubject().equals(session.subject()) || !people.readmit(session.user(), claims)) {
            return Answer.REFUSED;
        }
        sessions.checked(session.id());
        return Answer.IN_ORDER;
    }

    private OidcIdToken idToken(ClientRegistration provider, String text) {
        Jwt jwt = idTokens.createDecoder(provider).decode(text);
        return new OidcIdToken(jwt.getTokenValue(), jwt.getIssuedAt(), jwt.getExpiresAt(), jwt.getClaims());
    }

    private static Answer notAnswered(ProviderSessions.Session session, RuntimeException e) {
        log.warn("event=provider_check_failed user={} reason={}", session.user(), e.getMessage());
        return Answer.NONE;
    }
}
