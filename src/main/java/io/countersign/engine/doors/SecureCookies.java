package io.countersign.engine.doors;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Marks the cookies of Camunda's web applications as secure when the request uses TLS. Camunda itself can only do so
 * always or never.
 */
class SecureCookies extends OncePerRequestFilter {

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        chain.doFilter(request, request.isSecure() ? new Response(response) : response);
    }

    private static final class Response extends HttpServletResponseWrapper {

        Response(HttpServletResponse response) {
            super(response);
        }

        @Override
        public void setHeader(String name, String value) {
            super.setHeader(name, secured(name, value));
        }

        @Override
        public void addHeader(String name, String value) {
            super.addHeader(name, secured(name, value));
        }

        private static String secured(String name, String value) {
            boolean open = HttpHeaders.SET_COOKIE.equalsIgnoreCase(name)
                    && value != null
                    && !value.matches("(?i).*;\\s*secure\\s*(;.*)?");
            return open ? value + ";Secure" : value;
        }
    }
}
