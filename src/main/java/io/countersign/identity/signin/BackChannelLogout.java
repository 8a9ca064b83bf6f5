package io.countersign.identity.signin;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import jakarta.servlet.FilterChain;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidatorResult;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.JwtValidators;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * The endpoint where the provider reports a sign-out: OpenID Connect Back-Channel Logout 1.0. By the time it answers,
 * the dependent sessions here have ended on all instances. Not a bean: only the filter chain of its own path contains
 * it.
 *
 * <p>Spring Security's own implementation would call this server again for each session, under the host named in the
 * request, and accepts tokens of one algorithm only.
 */
class BackChannelLogout extends OncePerRequestFilter {

    /** The path that the provider posts to. */
    static final String PATH = "/logout/connect/back-channel/oidc";

    private static final String EVENT = "http://schemas.openid.net/event/backchannel-logout";
    private static final JOSEObjectType LOGOUT_TOKEN = new JOSEObjectType("logout+jwt");
    private static final Logger log = LoggerFactory.getLogger(BackChannelLogout.class);

    private final ProviderProperties properties;
    private final ProviderSessions sessions;
    private final SingletonSupplier<NimbusJwtDecoder> tokens;

    BackChannelLogout(ProviderProperties properties, ProviderRegistration registration, ProviderSessions sessions) {
        this.properties = properties;
        this.sessions = sessions;
        this.tokens = SingletonSupplier.of(() -> decoder(registration.get(), properties));
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException {
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        String text = request.getParameter("logout_token");
        if (!properties.present()) {
            response.setStatus(HttpServletResponse.SC_NOT_FOUND);
        } else if (text == null) {
            refuse(response, "The logout_token is missing.");
        } else {
            try {
                Jwt token = tokens.obtain().decode(text);
                int ended =
                        sessions.end(token.getIssuer().toString(), token.getClaimAsString("sid"), token.getSubject());
                log.info("event=sign_in outcome=ended provider={} sessions={}", token.getIssuer(), ended);
                response.setStatus(HttpServletResponse.SC_OK);
            } catch (JwtException e) {
                log.warn(
                        "event=logout_token_refused reason={}",
                        String.valueOf(e.getMessage()).replaceAll("\\p{Cntrl}", " "));
                refuse(response, "The logout_token is not valid here.");
            }
        }
    }

    private static void refuse(HttpServletResponse response, String explanation) throws IOException {
        response.setStatus(HttpServletResponse.SC_BAD_REQUEST);
        response.setContentType(MediaType.APPLICATION_JSON_VALUE);
        response.getOutputStream()
                .print("{\"error\":\"invalid_request\",\"error_description\":\"" + explanation + "\"}");
    }

    private static NimbusJwtDecoder decoder(ClientRegistration provider, ProviderProperties properties) {
        NimbusJwtDecoder decoder = NimbusJwtDecoder.withJwkSetUri(
                        provider.getProviderDetails().getJwkSetUri())
                .jwsAlgorithm(SignatureAlgorithm.from(properties.signatureAlgorithm()))
                .jwtProcessorCustomizer(processor -> processor.setJWSTypeVerifier(
                        new DefaultJOSEObjectTypeVerifier<>(LOGOUT_TOKEN, JOSEObjectType.JWT, null)))
                .build();
        decoder.setJwtValidator(new DelegatingOAuth2TokenValidator<>(
                JwtValidators.createDefaultWithIssuer(properties.issuer()), isLogoutToken(properties.clientId())));
        return decoder;
    }

    /** The specification's requirements for a logout token besides issuer, time and signature (2.6). */
    private static OAuth2TokenValidator<Jwt> isLogoutToken(String clientId) {
        return token -> {
            boolean valid = token.getAudience() != null
                    && token.getAudience().contains(clientId)
                    && token.getIssuedAt() != null
                    && token.getClaims().get("events") instanceof Map<?, ?> events
                    && events.containsKey(EVENT)
                    && (token.getSubject() != null || token.getClaimAsString("sid") != null)
                    && !token.hasClaim("nonce");
            return valid
                    ? OAuth2TokenValidatorResult.success()
                    : OAuth2TokenValidatorResult.failure(new OAuth2Error("invalid_request", "no logout token", null));
        };
    }
}
