package io.countersign.api.http;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpMethod;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.ContentCachingResponseWrapper;

/**
 * Caches the public API description: generated for the first caller, and the same for everyone regardless of language
 * and host.
 */
@Component
@Order(Ordered.LOWEST_PRECEDENCE)
class DescribedOnce extends OncePerRequestFilter {

    private static final String PATH = "/v3/api-docs";

    private volatile Description made;

    private record Description(String type, byte[] text) {}

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return !HttpMethod.GET.matches(request.getMethod())
                || !request.getRequestURI()
                        .substring(request.getContextPath().length())
                        .equals(PATH);
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Description description = made;
        if (description == null) {
            description = make(request, response, chain);
        }
        if (description != null) {
            response.setContentType(description.type());
            response.setContentLength(description.text().length);
            response.getOutputStream().write(description.text());
        }
    }

    private synchronized Description make(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (made != null) {
            return made;
        }
        ContentCachingResponseWrapper written = new ContentCachingResponseWrapper(response);
        chain.doFilter(new ForEveryone(request), written);
        if (written.getStatus() != HttpServletResponse.SC_OK) {
            written.copyBodyToResponse();
            return null;
        }
        made = new Description(written.getContentType(), written.getContentAsByteArray());
        return made;
    }

    private static final class ForEveryone extends HttpServletRequestWrapper {

        private ForEveryone(HttpServletRequest request) {
            super(request);
        }

        @Override
        public Locale getLocale() {
            return Locale.ENGLISH;
        }
    }
}
