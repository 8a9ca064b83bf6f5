package io.countersign.engine.doors;

import io.countersign.audit.AuditAction;
import io.countersign.audit.AuditSubject;
import io.countersign.audit.DeferredAudit;
import io.countersign.identity.Scope;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.PathContainer;
import org.springframework.http.server.RequestPath;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Records in the trail each write through the engine's own endpoints: the endpoint, the user and the status. The body
 * may contain a secret and is not kept.
 */
class EngineTrail extends OncePerRequestFilter {

    private static final int MAX_LENGTH = 300;

    private final EngineDoors doors;
    private final DeferredAudit deferred;

    EngineTrail(EngineDoors doors, DeferredAudit deferred) {
        this.doors = doors;
        this.deferred = deferred;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        chain.doFilter(request, response);
        HttpMethod method = HttpMethod.valueOf(request.getMethod());
        PathContainer path = RequestPath.parse(request.getRequestURI(), request.getContextPath())
                .pathWithinApplication();
        if (response.getStatus() < HttpStatus.BAD_REQUEST.value() && doors.isNoted(method, path)) {
            String endpoint =
                    shortened(EngineDoors.belowPrefix(path).orElse(path).value());
            deferred.record(new DeferredAudit.Entry(
                    AuditAction.WRITE,
                    new AuditSubject("engine", endpoint, method + " " + endpoint, Scope.PLATFORM.toString()),
                    Map.of("method", method.name(), "path", endpoint, "status", response.getStatus()),
                    false));
        }
    }

    private static String shortened(String text) {
        return text.length() <= MAX_LENGTH ? text : text.substring(0, MAX_LENGTH) + "…";
    }
}
