package io.countersign.resilience;

import io.countersign.api.Outages;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Stands before everything else, sessions and sign-in included. While the database is away, or more is asked than can
 * be answered soon, requests are refused at once with 503 and {@code Retry-After} instead of piling up. Health and
 * static files need no database and always pass.
 */
class AvailabilityFilter extends OncePerRequestFilter {

    private static final Set<String> FREE =
            Set.of("actuator", "webjars", "css", "js", "img", "vendor", "favicon.svg", "favicon.ico");
    private static final List<String> OF_THE_ENGINE = List.of("/engine-rest/", "/camunda/api/");

    private final Nodes nodes;
    private final Admission admission;
    private final Unavailable unavailable;
    private final Drain drain;

    AvailabilityFilter(Nodes nodes, Admission admission, Unavailable unavailable, Drain drain) {
        this.nodes = nodes;
        this.admission = admission;
        this.unavailable = unavailable;
        this.drain = drain;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        String path = request.getRequestURI().substring(request.getContextPath().length());
        int end = path.indexOf('/', 1);
        return FREE.contains(path.substring(Math.min(1, path.length()), end < 0 ? path.length() : end));
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (drain.isUnderWay()) {
            // Whoever keeps connections open is to come back through the load balancer.
            response.setHeader(HttpHeaders.CONNECTION, "close");
        }
        if (!nodes.databaseAnswers()) {
            unavailable.databaseAway(request, response);
            return;
        }
        if (!admission.enter()) {
            unavailable.tooMuch(request, response);
            return;
        }
        try {
            answer(request, response, chain);
        } finally {
            admission.leave();
        }
    }

    private void answer(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        boolean engine = OF_THE_ENGINE.stream().anyMatch(request.getRequestURI()::startsWith);
        try {
            if (engine) {
                EngineResponse withheld = new EngineResponse(response, nodes);
                chain.doFilter(request, withheld);
                if (withheld.hidesOutage()) {
                    unavailable.databaseAway(request, response);
                }
            } else {
                chain.doFilter(request, response);
            }
        } catch (ServletException | IOException | RuntimeException e) {
            if (!Outages.isDatabaseAway(e)) {
                throw e;
            }
            logger.warn("The database went away during " + request.getMethod() + " " + request.getRequestURI());
            nodes.check();
            if (response.isCommitted()) {
                throw e;
            }
            unavailable.databaseAway(request, response);
        }
    }
}
