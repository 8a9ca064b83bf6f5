package io.countersign.operations;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.MDC;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Gives every request an id, taken from its {@code X-Request-Id} header or new. The response and every log line of the
 * request contain the id; log lines also contain the approval that the path names.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class RequestIds extends OncePerRequestFilter {

    /** The header that carries the id in both directions. */
    static final String HEADER = "X-Request-Id";

    private static final Pattern ACCEPTABLE = Pattern.compile("[A-Za-z0-9._:+/=-]{1,100}");
    private static final Pattern APPROVAL = Pattern.compile("/approvals/([0-9a-fA-F-]{36})");

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String given = request.getHeader(HEADER);
        // Callers' input goes into the log, so it must contain nothing that could look like another line.
        String id = given != null && ACCEPTABLE.matcher(given).matches()
                ? given
                : UUID.randomUUID().toString();
        Matcher approval = APPROVAL.matcher(request.getRequestURI());
        response.setHeader(HEADER, id);
        MDC.put(LogKeys.REQUEST_ID, id);
        if (approval.find()) {
            MDC.put(LogKeys.APPROVAL_ID, approval.group(1));
        }
        try {
            chain.doFilter(request, response);
        } finally {
            MDC.remove(LogKeys.REQUEST_ID);
            MDC.remove(LogKeys.APPROVAL_ID);
            MDC.remove(LogKeys.USER);
        }
    }
}
