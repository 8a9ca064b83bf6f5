package io.countersign.audit;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Writes entries after the request, when they cannot share the transaction they describe: refusals, which roll it back,
 * and calls to the engine's own endpoints. This needs no second connection, and a failure to write does not change the
 * response.
 */
@Component
public class DeferredAudit extends OncePerRequestFilter implements Ordered {

    private static final Logger log = LoggerFactory.getLogger(DeferredAudit.class);
    private static final String ATTRIBUTE = DeferredAudit.class.getName();

    /** The same attempt by the same person is recorded once in this period. */
    private static final Duration SAME = Duration.ofMinutes(15);

    /** Anything after Spring Security's filter chain, whose order is -100: nobody is signed in before it. */
    private static final int AFTER_SPRING_SECURITY = 50;

    private final AuditTrail trail;
    private final TransactionTemplate transaction;

    DeferredAudit(AuditTrail trail, TransactionTemplate transaction) {
        this.trail = trail;
        this.transaction = transaction;
    }

    /**
     * An entry to write. Equal entries in one request are written once.
     *
     * @param action the action
     * @param subject its subject
     * @param details further details; must be writable as JSON and contain no secret
     * @param oncePer whether the same entry by the same person is recorded only once in 15 minutes
     */
    public record Entry(AuditAction action, AuditSubject subject, Map<String, ?> details, boolean oncePer) {}

    /** Schedules an entry for the end of the current request, whether it succeeds or not. */
    public void record(Entry entry) {
        RequestAttributes request = RequestContextHolder.getRequestAttributes();
        if (request != null) {
            entries(request).add(entry);
        }
    }

    @SuppressWarnings("unchecked")
    private static Set<Entry> entries(RequestAttributes request) {
        Object present = request.getAttribute(ATTRIBUTE, RequestAttributes.SCOPE_REQUEST);
        if (present == null) {
            present = new LinkedHashSet<Entry>();
            request.setAttribute(ATTRIBUTE, present, RequestAttributes.SCOPE_REQUEST);
        }
        return (Set<Entry>) present;
    }

    @Override
    public int getOrder() {
        return AFTER_SPRING_SECURITY;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        try {
            chain.doFilter(request, response);
        } finally {
            if (request.getAttribute(ATTRIBUTE) instanceof Set<?> entries) {
                entries.forEach(entry -> write((Entry) entry));
            }
        }
    }

    private void write(Entry entry) {
        try {
            transaction.executeWithoutResult(status -> {
                if (!entry.oncePer() || !trail.repeated(SAME, entry)) {
                    trail.record(entry.action(), entry.subject(), entry.details());
                }
            });
        } catch (RuntimeException e) {
            log.error("event=audit_entry_lost entry={}", entry, e);
        }
    }
}
