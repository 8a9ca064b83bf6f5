package io.countersign.console.audit;

import io.countersign.audit.AuditTrail;
import io.countersign.identity.CurrentUser;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.stereotype.Component;

/** Whether pages link to the audit trail. Templates call it {@code @trailLinks}. */
@Component("trailLinks")
class TrailLinks {

    private static final String ATTRIBUTE = TrailLinks.class.getName();

    private final AuditTrail trail;
    private final HttpServletRequest request;

    TrailLinks(AuditTrail trail, HttpServletRequest request) {
        this.trail = trail;
        this.request = request;
    }

    /** @return whether the reader may read any of the trail; looked up once per page */
    public boolean open() {
        if (request.getAttribute(ATTRIBUTE) == null) {
            request.setAttribute(
                    ATTRIBUTE,
                    CurrentUser.find()
                            .map(person -> trail.isOpenTo(person.value()))
                            .orElse(false));
        }
        return (boolean) request.getAttribute(ATTRIBUTE);
    }
}
