package io.countersign.api.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.countersign.api.problem.Problems;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.MappingMatch;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Refuses detours to the servlets below a path, such as {@code /x/../engine-rest} or {@code /engine-rest;x=1}, which
 * Spring's filters would fail at. Other detours are the firewall's to refuse.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 10)
class PlainPaths extends OncePerRequestFilter {

    private static final Logger log = LoggerFactory.getLogger(PlainPaths.class);

    private final ObjectMapper json;

    PlainPaths(ObjectMapper json) {
        this.json = json;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (request.getHttpServletMapping().getMappingMatch() == MappingMatch.PATH
                && !(request.getRequestURI() + "/")
                        .startsWith(request.getContextPath() + request.getServletPath() + "/")) {
            log.info("event=detour_refused path={}", request.getServletPath());
            Problems.send(response, json, Problems.refusedUrl());
            return;
        }
        chain.doFilter(request, response);
    }
}
