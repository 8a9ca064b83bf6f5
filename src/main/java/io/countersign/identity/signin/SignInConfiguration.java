package io.countersign.identity.signin;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.countersign.api.problem.ErrorCode;
import io.countersign.api.problem.ForPrograms;
import io.countersign.api.problem.Problems;
import io.countersign.identity.Principal;
import io.countersign.identity.UserId;
import io.countersign.identity.people.Invitations;
import io.countersign.identity.people.SignInWays;
import io.countersign.identity.throttle.SignInTrail;
import io.countersign.identity.throttle.TooManyAttempts;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.apache.tomcat.util.buf.EncodedSolidusHandling;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.actuate.autoconfigure.security.servlet.EndpointRequest;
import org.springframework.boot.actuate.health.HealthEndpoint;
import org.springframework.boot.web.embedded.tomcat.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.filter.OrderedRequestContextFilter;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.server.RequestPath;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authorization.AuthorityAuthorizationManager;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.config.annotation.authentication.configuration.AuthenticationConfiguration;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.annotation.web.configurers.AuthorizeHttpRequestsConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.crypto.factory.PasswordEncoderFactories;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.security.web.access.intercept.RequestAuthorizationContext;
import org.springframework.security.web.authentication.AnonymousAuthenticationFilter;
import org.springframework.security.web.authentication.AuthenticationSuccessHandler;
import org.springframework.security.web.authentication.HttpStatusEntryPoint;
import org.springframework.security.web.authentication.LoginUrlAuthenticationEntryPoint;
import org.springframework.security.web.authentication.SavedRequestAwareAuthenticationSuccessHandler;
import org.springframework.security.web.authentication.logout.HttpStatusReturningLogoutSuccessHandler;
import org.springframework.security.web.authentication.www.BasicAuthenticationFilter;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.security.web.firewall.RequestRejectedHandler;
import org.springframework.security.web.firewall.StrictHttpFirewall;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.AndRequestMatcher;
import org.springframework.security.web.util.matcher.AnyRequestMatcher;
import org.springframework.security.web.util.matcher.NegatedRequestMatcher;
import org.springframework.security.web.util.matcher.OrRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.web.filter.RequestContextFilter;

/**
 * One sign-in for everything: a form session for browsers, shared by the console and Camunda's web applications; a
 * bearer token or HTTP Basic for programs.
 */
@Configuration(proxyBeanMethods = false)
class SignInConfiguration {

    private static final String LOGIN = "/login";
    private static final String SIGNED_OUT = LOGIN + "?signed_out";
    private static final String PERSON = Principal.Kind.PERSON.authority();
    private static final String SUPERADMIN = "SUPERADMIN";
    private static final String ENGINE_ADMIN = "ENGINE_ADMIN";

    /**
     * Everything is loaded from this server; inline scripts and styles do not run. Forms post to this server only,
     * except for signing out at the provider, which is added at the end.
     */
    private static final String CONTENT_SECURITY_POLICY =
            "default-src 'self'; img-src 'self' data:; font-src 'self' data:; object-src 'none'; base-uri 'self'; "
                    + "frame-ancestors 'none'; form-action 'self'";

    /** Responses for programs are never shown as pages, and do nothing if they are. */
    private static final String NO_PAGE = "default-src 'none'; frame-ancestors 'none'; sandbox";

    /** Paths that need no sign-in. */
    private static final RequestMatcher OPEN = new OrRequestMatcher(
            path(LOGIN),
            path(Invitations.PATH),
            path("/error"),
            path("/favicon.svg"),
            path("/css/**"),
            path("/js/**"),
            path("/img/**"),
            path("/vendor/**"),
            path("/webjars/**"),
            path("/mailbox/**"),
            path("/v3/api-docs/**"),
            path("/swagger-ui/**"),
            path("/swagger-ui.html"));

    /** A timer and a span per filter and request are useless. */
    @Bean
    SecurityObservationSettings securityObservations() {
        return SecurityObservationSettings.noObservations();
    }

    @Bean
    PasswordEncoder passwordEncoder() {
        return PasswordEncoderFactories.createDelegatingPasswordEncoder();
    }

    @Bean
    AuthenticationManager authenticationManager(AuthenticationConfiguration configuration) throws Exception {
        return configuration.getAuthenticationManager();
    }

    @Bean
    SignInWays signInWays(ProviderProperties provider, @Value("${countersign.sign-in.password}") boolean password) {
        return new SignInWays(password, provider.present() ? Optional.of(provider.label()) : Optional.empty());
    }

    /** Programs: no session and no cookie, so no cross-site request can act for a person. */
    @Bean
    @Order(1)
    SecurityFilterChain programsSignIn(
            HttpSecurity http,
            ObjectMapper json,
            AccessTokens tokens,
            List<MachineAccess> machines,
            List<DoorRules> doors)
            throws Exception {
        AuthenticationEntryPoint signInNeeded = signInNeeded(json);
        AccessDeniedHandler refused = (request, response, refusal) ->
                answer(json, response, HttpStatus.FORBIDDEN, ErrorCode.FORBIDDEN, "You don't have access.");
        RequestMatcher forPrograms = new OrRequestMatcher(
                path("/api/**"),
                path("/engine-rest/**"),
                new AndRequestMatcher(path("/oauth2/**"), new NegatedRequestMatcher(path("/oauth2/authorization/**"))));
        return http.securityMatcher(forPrograms)
                .authorizeHttpRequests(requests -> {
                    requests.requestMatchers(
                                    path(HttpMethod.POST, "/api/v1/auth/login"),
                                    path(HttpMethod.POST, "/api/v1/auth/invitation"))
                            .permitAll();
                    machines.forEach(machine -> machine.doors()
                            .forEach(door -> requests.requestMatchers(path(door.method(), door.path()))
                                    .hasAuthority(machine.kind().authority())));
                    requests.requestMatchers(path("/api/**")).hasAuthority(PERSON);
                    guard(requests, doors);
                    // Only the token endpoint exists, and it has its own chain.
                    requests.requestMatchers(path("/oauth2/**")).permitAll();
                    requests.anyRequest().denyAll();
                })
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .csrf(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .httpBasic(basic -> basic.authenticationEntryPoint(signInNeeded))
                .oauth2ResourceServer(server -> server.authenticationEntryPoint(signInNeeded)
                        .opaqueToken(opaque -> opaque.introspector(token -> machines.stream()
                                .flatMap(machine -> machine.introspect(token).stream())
                                .findFirst()
                                .orElseGet(() -> tokens.introspect(token)))))
                .exceptionHandling(handling ->
                        handling.authenticationEntryPoint(signInNeeded).accessDeniedHandler(refused))
                .headers(headers -> headers.contentSecurityPolicy(policy -> policy.policyDirectives(NO_PAGE)))
                .build();
    }

    /** Metrics for monitoring systems; health for everyone. */
    @Bean
    @Order(2)
    SecurityFilterChain monitoringSignIn(
            HttpSecurity http, ObjectMapper json, @Value("${countersign.monitoring.token}") String monitoringToken)
            throws Exception {
        return http.securityMatcher(EndpointRequest.toAnyEndpoint())
                .authorizeHttpRequests(requests -> requests.requestMatchers(EndpointRequest.to(HealthEndpoint.class))
                        .permitAll()
                        .requestMatchers(EndpointRequest.to("prometheus"))
                        .hasAnyRole(SUPERADMIN, ENGINE_ADMIN, MonitoringToken.ROLE)
                        .anyRequest()
                        .hasAnyRole(SUPERADMIN, ENGINE_ADMIN))
                .addFilterBefore(new MonitoringToken(monitoringToken), BasicAuthenticationFilter.class)
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .csrf(AbstractHttpConfigurer::disable)
                .httpBasic(basic -> basic.authenticationEntryPoint(signInNeeded(json)))
                .headers(headers -> headers.contentSecurityPolicy(policy -> policy.policyDirectives(NO_PAGE)))
                .build();
    }

    /**
     * Camunda's web applications: the same session, never a password in a header; they have their own CSRF filter and
     * content security policy. Their own sign-in and setup are closed, and signing out there ends our session.
     */
    @Bean
    @Order(3)
    SecurityFilterChain webApplicationsSignIn(HttpSecurity http, List<DoorRules> doors, EndedSessions sessions)
            throws Exception {
        return http.securityMatcher(path("/camunda/**"))
                .addFilterBefore(sessions.filter(request -> false), AnonymousAuthenticationFilter.class)
                .authorizeHttpRequests(requests -> {
                    guard(requests, doors);
                    requests.anyRequest().authenticated();
                })
                .exceptionHandling(handling -> handling.defaultAuthenticationEntryPointFor(
                                new HttpStatusEntryPoint(HttpStatus.UNAUTHORIZED), path("/camunda/api/**"))
                        .defaultAuthenticationEntryPointFor(signInPage(), AnyRequestMatcher.INSTANCE))
                .logout(logout -> logout.addLogoutHandler((request, response, person) -> sessions.signOut(request))
                        .logoutRequestMatcher(path(HttpMethod.POST, "/camunda/api/admin/auth/user/default/logout"))
                        .logoutSuccessHandler(new HttpStatusReturningLogoutSuccessHandler(HttpStatus.NO_CONTENT)))
                .csrf(AbstractHttpConfigurer::disable)
                .build();
    }

    /** The provider's endpoint for reporting sign-outs. */
    @Bean
    @Order(4)
    SecurityFilterChain providerSaysWhoSignedOut(
            HttpSecurity http,
            ProviderProperties properties,
            ProviderRegistration registration,
            ProviderSessions sessions)
            throws Exception {
        return http.securityMatcher(path(HttpMethod.POST, BackChannelLogout.PATH))
                .authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                .addFilterAfter(
                        new BackChannelLogout(properties, registration, sessions), AnonymousAuthenticationFilter.class)
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .csrf(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .headers(headers -> headers.contentSecurityPolicy(policy -> policy.policyDirectives(NO_PAGE)))
                .build();
    }

    /** People in browsers. */
    @Bean
    @Order(5)
    SecurityFilterChain peopleSignIn(
            HttpSecurity http,
            ProviderProperties properties,
            ProviderSignIn provider,
            EndedSessions sessions,
            SignInTrail trail)
            throws Exception {
        if (properties.present()) {
            provider.add(http, LOGIN, signedIn(trail, "provider"));
        }
        String policy = CONTENT_SECURITY_POLICY + (properties.present() ? " " + properties.origin() : "");
        return http.authorizeHttpRequests(requests -> requests.dispatcherTypeMatchers(DispatcherType.ERROR)
                        .permitAll()
                        .requestMatchers(OPEN)
                        .permitAll()
                        .anyRequest()
                        .authenticated())
                .addFilterBefore(sessions.filter(OPEN), AnonymousAuthenticationFilter.class)
                .formLogin(form -> form.loginPage(LOGIN)
                        .successHandler(signedIn(trail, "password"))
                        .failureHandler(SignInConfiguration::signInFailed)
                        .permitAll())
                .exceptionHandling(handling -> handling
                        // A page that follows its reader's inbox stops asking once they are signed out.
                        .defaultAuthenticationEntryPointFor(
                                new HttpStatusEntryPoint(HttpStatus.NO_CONTENT), path("/inbox/events"))
                        .defaultAuthenticationEntryPointFor(signInPage(), AnyRequestMatcher.INSTANCE))
                .logout(logout -> logout.addLogoutHandler((request, response, person) -> sessions.signOut(request))
                        .logoutSuccessHandler(provider.signedOut(SIGNED_OUT)))
                .headers(headers -> headers.contentSecurityPolicy(csp -> csp.policyDirectives(policy))
                        .referrerPolicy(referrer -> referrer.policy(ReferrerPolicy.SAME_ORIGIN)))
                .build();
    }

    /** Makes the caller's address known at sign-in; Jersey's filter runs after Spring Security. */
    @Bean
    RequestContextFilter requestContextFilter() {
        return new OrderedRequestContextFilter();
    }

    /** Parameters with a NUL, which PostgreSQL cannot store, are refused with 400. */
    @Bean
    HttpFirewall firewall() {
        StrictHttpFirewall firewall = new StrictHttpFirewall();
        firewall.setAllowedParameterValues(value -> value.indexOf('\0') < 0);
        return firewall;
    }

    /** Leaves encoded slashes for the firewall to refuse; Tomcat would answer with its own page. */
    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> encodedSlashes() {
        return tomcat -> tomcat.addConnectorCustomizers(
                connector -> connector.setEncodedSolidusHandling(EncodedSolidusHandling.PASS_THROUGH.getValue()));
    }

    /** Answers programs with a problem if a URL is refused; people get the error page. */
    @Bean
    RequestRejectedHandler refusedUrl(ObjectMapper json) {
        return (request, response, refused) -> {
            String accepted = request.getHeader(HttpHeaders.ACCEPT);
            if (accepted != null
                    && accepted.contains(MediaType.TEXT_HTML_VALUE)
                    && !ForPrograms.is(request.getRequestURI()
                            .substring(request.getContextPath().length()))) {
                response.sendError(HttpStatus.BAD_REQUEST.value());
            } else {
                Problems.send(response, json, Problems.refusedUrl());
            }
        };
    }

    private static AuthenticationEntryPoint signInNeeded(ObjectMapper json) {
        return (request, response, failure) -> {
            if (failure instanceof TooManyAttempts tooMany) {
                response.setHeader(HttpHeaders.RETRY_AFTER, tooMany.retryAfter());
                answer(json, response, HttpStatus.TOO_MANY_REQUESTS, ErrorCode.TOO_MANY_ATTEMPTS, tooMany.getMessage());
                return;
            }
            response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
            response.addHeader(HttpHeaders.WWW_AUTHENTICATE, "Basic realm=\"Countersign\"");
            answer(json, response, HttpStatus.UNAUTHORIZED, ErrorCode.UNAUTHENTICATED, "Sign in first, or again.");
        };
    }

    /** Redirects never use the host named in the request. */
    private static AuthenticationEntryPoint signInPage() {
        LoginUrlAuthenticationEntryPoint page = new LoginUrlAuthenticationEntryPoint(LOGIN);
        page.setFavorRelativeUris(true);
        return page;
    }

    /** Records the sign-in, and redirects to where the person wanted to go. */
    private static AuthenticationSuccessHandler signedIn(SignInTrail trail, String way) {
        AuthenticationSuccessHandler onwards = onToWhereTheyWanted();
        return (request, response, person) -> {
            trail.signedIn(new UserId(person.getName()), way);
            onwards.onAuthenticationSuccess(request, response, person);
        };
    }

    private static AuthenticationSuccessHandler onToWhereTheyWanted() {
        SavedRequestAwareAuthenticationSuccessHandler handler = new SavedRequestAwareAuthenticationSuccessHandler();
        handler.setRedirectStrategy((request, response, url) -> response.sendRedirect(onThisServer(url)));
        return handler;
    }

    /** @return the URL without scheme and host, so that it leads nowhere else */
    static String onThisServer(String url) {
        URI uri = URI.create(url);
        String path = uri.getRawPath() == null ? "" : uri.getRawPath();
        return "/" + path.replaceFirst("^[/\\\\]+", "") + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery());
    }

    private static void signInFailed(
            HttpServletRequest request, HttpServletResponse response, AuthenticationException failure)
            throws IOException {
        if (failure instanceof TooManyAttempts tooMany) {
            response.setHeader(HttpHeaders.RETRY_AFTER, tooMany.retryAfter());
            response.sendError(HttpStatus.TOO_MANY_REQUESTS.value());
        } else {
            response.sendRedirect(LOGIN + "?error");
        }
    }

    /** A table alone decides about the paths it covers. */
    private static void guard(
            AuthorizeHttpRequestsConfigurer<HttpSecurity>.AuthorizationManagerRequestMatcherRegistry requests,
            List<DoorRules> tables) {
        for (DoorRules table : tables) {
            AuthorizationManager<RequestAuthorizationContext> asTheTableSays = (caller, context) -> {
                HttpServletRequest request = context.getRequest();
                RequestPath path = RequestPath.parse(request.getRequestURI(), request.getContextPath());
                DoorRules.Access access =
                        table.access(HttpMethod.valueOf(request.getMethod()), path.pathWithinApplication());
                return new AuthorizationDecision(
                        allows(access).authorize(caller, context).isGranted());
            };
            table.paths().forEach(ruled -> requests.requestMatchers(path(ruled)).access(asTheTableSays));
        }
    }

    private static AuthorizationManager<Object> allows(DoorRules.Access access) {
        return switch (access) {
            case PEOPLE -> AuthorityAuthorizationManager.hasAuthority(PERSON);
            case SUPERADMINS -> AuthorityAuthorizationManager.hasAnyRole(SUPERADMIN, ENGINE_ADMIN);
            case ADMINISTRATORS -> AuthorityAuthorizationManager.hasRole(ENGINE_ADMIN);
            case NOBODY -> (caller, request) -> new AuthorizationDecision(false);
        };
    }

    /** Camunda's APIs are separate servlets: only a matcher on the whole path sees them. */
    private static RequestMatcher path(String pattern) {
        return PathPatternRequestMatcher.withDefaults().matcher(pattern);
    }

    private static RequestMatcher path(HttpMethod method, String pattern) {
        return PathPatternRequestMatcher.withDefaults().matcher(method, pattern);
    }

    private static void answer(
            ObjectMapper json, HttpServletResponse response, HttpStatus status, ErrorCode code, String explanation)
            throws IOException {
        Problems.send(response, json, Problems.detail(status, code, explanation));
    }
}
