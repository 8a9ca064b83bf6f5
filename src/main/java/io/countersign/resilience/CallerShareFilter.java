package io.countersign.resilience;

import io.countersign.api.http.Networks;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.Principal;
import org.springframework.web.filter.OncePerRequestFilter;

/** Counts a request for its caller once sign-in has identified them, otherwise as anonymous. */
class CallerShareFilter extends OncePerRequestFilter {

    private final Admission admission;
    private final Unavailable unavailable;

    CallerShareFilter(Admission admission, Unavailable unavailable) {
        this.admission = admission;
        this.unavailable = unavailable;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (request.getAttribute(AvailabilityFilter.PLACE) instanceof Admission.Place place) {
            Principal caller = request.getUserPrincipal();
            boolean goesOn = admission.recount(
                    place,
                    caller == null
                            ? admission.stranger(Networks.customerOf(request.getRemoteAddr()), false)
                            : admission.caller(caller.getName()));
            if (!goesOn) {
                unavailable.tooMuch(request, response);
                return;
            }
        }
        chain.doFilter(request, response);
    }
}
