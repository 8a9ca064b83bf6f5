package io.countersign.engine.doors;

import io.countersign.identity.CurrentUser;
import io.countersign.identity.UserId;
import io.countersign.identity.groups.EngineGroups;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.camunda.bpm.engine.IdentityService;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Tells the engine who calls engine-rest. Without a user the engine would check no authorizations, so an
 * unauthenticated request ends here.
 */
class EngineAuthenticationFilter extends OncePerRequestFilter {

    private final IdentityService identity;
    private final EngineGroups groups;

    EngineAuthenticationFilter(IdentityService identity, EngineGroups groups) {
        this.identity = identity;
        this.groups = groups;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Optional<UserId> caller = CurrentUser.find();
        if (caller.isEmpty()) {
            response.sendError(HttpServletResponse.SC_UNAUTHORIZED);
            return;
        }
        try {
            identity.setAuthentication(caller.get().value(), groups.of(caller.get()), List.of());
            chain.doFilter(request, response);
        } finally {
            identity.clearAuthentication();
        }
    }
}
