package io.countersign.operations;

import io.countersign.identity.CurrentUser;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.slf4j.MDC;
import org.springframework.boot.autoconfigure.security.SecurityProperties;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/** Adds the signed-in user to every log line of a request. {@link RequestIds} removes it again. */
@Component
@Order(SecurityProperties.DEFAULT_FILTER_ORDER + 1)
class CallerLogFilter extends OncePerRequestFilter {

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        CurrentUser.find().ifPresent(user -> MDC.put(LogKeys.USER, user.value()));
        chain.doFilter(request, response);
    }
}
