package io.countersign.identity.signin;

import io.countersign.identity.CurrentUser;
import io.countersign.identity.UserId;
import io.countersign.identity.people.People;
import io.countersign.identity.people.Person;
import io.countersign.identity.throttle.SignInTrail;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;
import org.springframework.security.web.authentication.logout.SecurityContextLogoutHandler;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Checks on each request of a browser session whether its person may still be signed in: not if they are deactivated,
 * or if their provider refuses.
 */
@Component
class EndedSessions {

    private static final String SESSION = "countersign.provider-session";
    private static final Logger log = LoggerFactory.getLogger(EndedSessions.class);

    private final People people;
    private final ProviderSessions sessions;
    private final ProviderCheck provider;
    private final ProviderProperties properties;
    private final SignInTrail trail;
    private final Clock clock;

    EndedSessions(
            People people,
            ProviderSessions sessions,
            ProviderCheck provider,
            ProviderProperties properties,
            SignInTrail trail,
            Clock clock) {
        this.people = people;
        this.sessions = sessions;
        this.provider = provider;
        this.properties = properties;
        this.trail = trail;
        this.clock = clock;
    }

    /** Records in a browser session which session at the provider it depends on. */
    void begin(HttpSession session, OidcUser user, Optional<String> refreshToken) {
        session.setAttribute(
                SESSION,
                sessions.begin(user, new UserId(user.getName()), refreshToken).toString());
    }

    /** Records that a session is signed out, and removes its link to the provider's session. */
    void signOut(HttpServletRequest request) {
        CurrentUser.find().ifPresent(trail::signedOut);
        providerSession(request).ifPresent(sessions::end);
    }

    /**
     * @param open paths that need no sign-in and are not checked
     * @return a filter for a chain with session-based sign-in
     */
    OncePerRequestFilter filter(RequestMatcher open) {
        return new OncePerRequestFilter() {
            @Override
            protected boolean shouldNotFilter(HttpServletRequest request) {
                return open.matches(request);
            }

            @Override
            protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                    throws ServletException, IOException {
                Optional<UserId> user = CurrentUser.find();
                if (user.isPresent() && !goesOn(request, user.get())) {
                    log.info("event=sign_in outcome=ended user={}", user.get());
                    new SecurityContextLogoutHandler()
                            .logout(
                                    request,
                                    response,
                                    SecurityContextHolder.getContext().getAuthentication());
                }
                chain.doFilter(request, response);
            }
        };
    }

    private boolean goesOn(HttpServletRequest request, UserId user) {
        if (people.find(user).filter(Person::active).isEmpty()) {
            trail.ended(user);
            return false;
        }
        Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
        return !(authentication.getPrincipal() instanceof OidcUser signedInWith)
                || providerSession(request)
                        .flatMap(sessions::find)
                        .filter(session -> session.user().equals(user))
                        .filter(session -> goesOn(session, signedInWith, authentication))
                        .isPresent();
    }

    private boolean goesOn(ProviderSessions.Session session, OidcUser signedInWith, Authentication authentication) {
        Instant now = clock.instant();
        if (session.checkedAt().plus(properties.recheck()).isAfter(now)) {
            return true;
        }
        ProviderCheck.Answer answer = sessions.ask(session.id())
                .map(token -> provider.ask(session, token, signedInWith.getIdToken()))
                .orElse(ProviderCheck.Answer.NONE);
        boolean goesOn = switch (answer) {
            case IN_ORDER -> keepsItsRoles(session.user(), authentication);
            case REFUSED -> false;
            case NONE -> session.checkedAt().plus(properties.unchecked()).isAfter(now);
        };
        if (!goesOn) {
            sessions.end(session.id());
            trail.ended(session.user());
        }
        return goesOn;
    }

    /** A session keeps the platform roles that its person had at sign-in. */
    private boolean keepsItsRoles(UserId user, Authentication authentication) {
        return PeopleDetails.authorities(people.get(user)).containsAll(authentication.getAuthorities());
    }

    private static Optional<UUID> providerSession(HttpServletRequest request) {
        return Optional.ofNullable(request.getSession(false))
                .map(session -> (String) session.getAttribute(SESSION))
                .map(UUID::fromString);
    }
}
