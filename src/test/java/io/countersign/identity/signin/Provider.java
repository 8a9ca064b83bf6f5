package io.countersign.identity.signin;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletResponse;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.http.HttpMessageConvertersAutoConfiguration;
import org.springframework.boot.autoconfigure.jackson.JacksonAutoConfiguration;
import org.springframework.boot.autoconfigure.security.servlet.SecurityAutoConfiguration;
import org.springframework.boot.autoconfigure.security.servlet.SecurityFilterAutoConfiguration;
import org.springframework.boot.autoconfigure.web.servlet.DispatcherServletAutoConfiguration;
import org.springframework.boot.autoconfigure.web.servlet.ServletWebServerFactoryAutoConfiguration;
import org.springframework.boot.autoconfigure.web.servlet.WebMvcAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.core.oidc.endpoint.OidcParameterNames;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.JwsHeader;
import org.springframework.security.oauth2.jwt.JwtClaimsSet;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtEncoderParameters;
import org.springframework.security.oauth2.jwt.NimbusJwtEncoder;
import org.springframework.security.oauth2.server.authorization.client.InMemoryRegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.config.annotation.web.configuration.OAuth2AuthorizationServerConfiguration;
import org.springframework.security.oauth2.server.authorization.config.annotation.web.configurers.OAuth2AuthorizationServerConfigurer;
import org.springframework.security.oauth2.server.authorization.settings.AuthorizationServerSettings;
import org.springframework.security.oauth2.server.authorization.settings.ClientSettings;
import org.springframework.security.oauth2.server.authorization.settings.TokenSettings;
import org.springframework.security.oauth2.server.authorization.token.JwtEncodingContext;
import org.springframework.security.oauth2.server.authorization.token.OAuth2TokenCustomizer;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.LoginUrlAuthenticationEntryPoint;
import org.springframework.security.web.util.matcher.AnyRequestMatcher;

/**
 * An OpenID Connect provider: Spring Authorization Server, in a context and on a port of its own, with its own sign-in
 * form. Anybody may sign in there with the password {@code provider}; tests say what it tells of them.
 */
final class Provider implements AutoCloseable {

    /** Beside our server's name, so that browsers keep the cookies of the two apart. */
    private static final String HOST = "127.0.0.1";

    private static final Map<String, Map<String, Object>> PEOPLE = new ConcurrentHashMap<>();

    /** People whom the provider lets in no more, whatever they hold. */
    private static final Set<String> DISABLED = ConcurrentHashMap.newKeySet();

    private static final AtomicBoolean AWAY = new AtomicBoolean();

    private final ConfigurableApplicationContext context;

    private Provider(ConfigurableApplicationContext context) {
        this.context = context;
    }

    /** @return the issuer of a provider at a port */
    static String issuer(int port) {
        return "http://" + HOST + ":" + port;
    }

    /**
     * Starts a provider that knows one client, {@code countersign} with the secret {@code countersign-secret}.
     *
     * @param server where the client's pages are
     */
    static Provider start(int port, String server) {
        // A second application would set up the logging of the first one anew.
        System.setProperty("org.springframework.boot.logging.LoggingSystem", "none");
        try {
            return new Provider(new SpringApplicationBuilder(Configuration.class)
                    .properties(Map.of(
                            "spring.config.name",
                            "none",
                            "spring.main.banner-mode",
                            "off",
                            "server.port",
                            port,
                            "server.address",
                            HOST,
                            "server.servlet.session.cookie.name",
                            "PROVIDER_SESSION",
                            "provider.issuer",
                            issuer(port),
                            "provider.client",
                            server))
                    .run());
        } finally {
            System.clearProperty("org.springframework.boot.logging.LoggingSystem");
        }
    }

    /**
     * Says what to tell of a person beside their subject, which is their name here. A claim of ours may be overridden.
     */
    void tells(String person, Map<String, Object> claims) {
        PEOPLE.put(person, claims);
    }

    /** Disables a person's account. */
    void disable(String person) {
        DISABLED.add(person);
    }

    /** Answers nothing but errors, or answers again. */
    void goAway(boolean away) {
        AWAY.set(away);
    }

    /** @return a token of the provider with these claims, by which it tells of signing out */
    String logoutToken(String type, Map<String, Object> claims) {
        JwtClaimsSet.Builder set = JwtClaimsSet.builder()
                .issuer(context.getEnvironment().getProperty("provider.issuer"))
                .audience(List.of("countersign"))
                .issuedAt(Instant.now())
                .expiresAt(Instant.now().plusSeconds(120))
                .id(UUID.randomUUID().toString())
                .claim("events", Map.of("http://schemas.openid.net/event/backchannel-logout", Map.of()));
        claims.forEach((claim, value) -> {
            if (value == null) {
                set.claims(all -> all.remove(claim));
            } else {
                set.claim(claim, value);
            }
        });
        return new NimbusJwtEncoder(context.<JWKSource<SecurityContext>>getBeanProvider(
                                ResolvableType.forClassWithGenerics(JWKSource.class, SecurityContext.class))
                        .getObject())
                .encode(JwtEncoderParameters.from(
                        JwsHeader.with(SignatureAlgorithm.RS256).type(type).build(), set.build()))
                .getTokenValue();
    }

    @Override
    public void close() {
        context.close();
    }

    @TestConfiguration(proxyBeanMethods = false)
    @ImportAutoConfiguration({
        ServletWebServerFactoryAutoConfiguration.class,
        DispatcherServletAutoConfiguration.class,
        WebMvcAutoConfiguration.class,
        HttpMessageConvertersAutoConfiguration.class,
        JacksonAutoConfiguration.class,
        SecurityAutoConfiguration.class,
        SecurityFilterAutoConfiguration.class
    })
    static class Configuration {

        @Bean
        FilterRegistrationBean<Filter> away() {
            FilterRegistrationBean<Filter> filter = new FilterRegistrationBean<>((request, response, chain) -> {
                if (AWAY.get()) {
                    ((HttpServletResponse) response).sendError(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
                } else {
                    chain.doFilter(request, response);
                }
            });
            filter.setOrder(Ordered.HIGHEST_PRECEDENCE);
            return filter;
        }

        @Bean
        @Order(1)
        SecurityFilterChain protocol(HttpSecurity http) throws Exception {
            OAuth2AuthorizationServerConfigurer server = OAuth2AuthorizationServerConfigurer.authorizationServer();
            return http.securityMatcher(server.getEndpointsMatcher())
                    .with(server, configurer -> configurer.oidc(Customizer.withDefaults()))
                    .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                    .exceptionHandling(handling -> handling.defaultAuthenticationEntryPointFor(
                            new LoginUrlAuthenticationEntryPoint("/login"), AnyRequestMatcher.INSTANCE))
                    .build();
        }

        @Bean
        @Order(2)
        SecurityFilterChain people(HttpSecurity http) throws Exception {
            return http.authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                    .formLogin(Customizer.withDefaults())
                    .build();
        }

        @Bean
        UserDetailsService users() {
            return name -> User.withUsername(name)
                    .password("{noop}provider")
                    .roles("USER")
                    .build();
        }

        @Bean
        RegisteredClientRepository clients(
                @org.springframework.beans.factory.annotation.Value("${provider.client}") String server) {
            return new InMemoryRegisteredClientRepository(RegisteredClient.withId(
                            UUID.randomUUID().toString())
                    .clientId("countersign")
                    .clientSecret("{noop}countersign-secret")
                    .clientAuthenticationMethod(ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
                    .authorizationGrantType(AuthorizationGrantType.AUTHORIZATION_CODE)
                    .authorizationGrantType(AuthorizationGrantType.REFRESH_TOKEN)
                    .tokenSettings(
                            TokenSettings.builder().reuseRefreshTokens(false).build())
                    .redirectUri(server + "/login/oauth2/code/oidc")
                    .postLogoutRedirectUri(server + "/login?signed_out")
                    .scopes(scopes -> scopes.addAll(List.of("openid", "profile", "email")))
                    .clientSettings(
                            ClientSettings.builder().requireProofKey(true).build())
                    .build());
        }

        @Bean
        AuthorizationServerSettings settings(
                @org.springframework.beans.factory.annotation.Value("${provider.issuer}") String issuer) {
            return AuthorizationServerSettings.builder().issuer(issuer).build();
        }

        @Bean
        JWKSource<SecurityContext> keys() throws NoSuchAlgorithmException {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            KeyPair pair = generator.generateKeyPair();
            return new ImmutableJWKSet<>(new JWKSet(new RSAKey.Builder((RSAPublicKey) pair.getPublic())
                    .privateKey((RSAPrivateKey) pair.getPrivate())
                    .keyID("key")
                    .build()));
        }

        @Bean
        JwtDecoder decoder(JWKSource<SecurityContext> keys) {
            return OAuth2AuthorizationServerConfiguration.jwtDecoder(keys);
        }

        @Bean
        OAuth2TokenCustomizer<JwtEncodingContext> claims() {
            return token -> {
                if (DISABLED.contains(token.getPrincipal().getName())) {
                    throw new OAuth2AuthenticationException(OAuth2ErrorCodes.INVALID_GRANT);
                }
                if (OidcParameterNames.ID_TOKEN.equals(token.getTokenType().getValue())) {
                    PEOPLE.getOrDefault(token.getPrincipal().getName(), Map.of())
                            .forEach((claim, value) ->
                                    token.getClaims().claim(claim, value instanceof Instant instant ? instant : value));
                }
            };
        }
    }
}
