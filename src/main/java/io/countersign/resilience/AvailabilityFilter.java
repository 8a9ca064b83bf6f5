package io.countersign.resilience;

import io.countersign.api.http.Networks;
import io.countersign.api.problem.Outages;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.http.HttpHeaders;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.util.unit.DataSize;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Runs before everything else, including sessions and sign-in. While the database is unavailable or the server
 * overloaded, requests are refused immediately with 503 and {@code Retry-After} instead of piling up. Health, static
 * files and the API description need no database and always pass.
 */
class AvailabilityFilter extends OncePerRequestFilter {

    /** The request's attribute that holds its {@link Admission.Place}. */
    static final String PLACE = AvailabilityFilter.class.getName() + ".place";

    private static final Set<String> FREE = Set.of(
            "actuator",
            "webjars",
            "css",
            "js",
            "img",
            "vendor",
            "favicon.svg",
            "favicon.ico",
            "swagger-ui",
            "swagger-ui.html",
            "v3");
    private static final List<String> OF_THE_ENGINE = List.of("/engine-rest/", "/camunda/api/");

    private final Nodes nodes;
    private final Admission admission;
    private final Unavailable unavailable;
    private final Drain drain;
    private final long heldAnswer;

    AvailabilityFilter(Nodes nodes, Admission admission, Unavailable unavailable, Drain drain, DataSize heldAnswer) {
        this.nodes = nodes;
        this.admission = admission;
        this.unavailable = unavailable;
        this.drain = drain;
        this.heldAnswer = heldAnswer.toBytes();
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
            // Clients with open connections should reconnect through the load balancer.
            response.setHeader(HttpHeaders.CONNECTION, "close");
        }
        if (!nodes.databaseAnswers()) {
            unavailable.databaseAway(request, response);
            return;
        }
        Optional<Admission.Place> place = admission.enter(
                admission.stranger(Networks.customerOf(request.getRemoteAddr()), showsCredentials(request)));
        if (place.isEmpty()) {
            unavailable.tooMuch(request, response);
            return;
        }
        BufferedAnswer answer = new BufferedAnswer(
                response, heldAnswer, () -> outgrows(place.get()), () -> admission.answersAtLength(place.get()));
        request.setAttribute(PLACE, place.get());
        try {
            answer(request, answer, chain);
        } finally {
            admission.leave(place.get());
        }
        if (answer.isRefused()) {
            unavailable.tooMuch(request, response);
            return;
        }
        answer.send();
        if (request.isAsyncStarted()) {
            response.flushBuffer();
        }
    }

    /** A static file or a finished list needs only time. An answer that still reads the database keeps its place. */
    private boolean outgrows(Admission.Place place) {
        if (TransactionSynchronizationManager.isActualTransactionActive()) {
            return admission.answersAtLength(place);
        }
        admission.leave(place);
        return true;
    }

    private static boolean showsCredentials(HttpServletRequest request) {
        return request.getHeader(HttpHeaders.AUTHORIZATION) != null || request.getRequestedSessionId() != null;
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
            logger.warn(
                    "event=database_unavailable method=" + request.getMethod() + " path=" + request.getRequestURI());
            nodes.check();
            if (response.isCommitted()) {
                throw e;
            }
            unavailable.databaseAway(request, response);
        }
    }
}
