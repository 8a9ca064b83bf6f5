package io.countersign.gateway;

import io.countersign.audit.AuditAction;
import io.countersign.audit.AuditSubject;
import io.countersign.audit.AuditTrail;
import io.countersign.audit.Difference;
import io.countersign.identity.Scope;
import java.util.Map;
import org.springframework.stereotype.Component;

/** Records the outcomes of route deployments in the audit trail. */
@Component
class RouteTrail {

    private final AuditTrail audit;

    RouteTrail(AuditTrail audit) {
        this.audit = audit;
    }

    void record(AuditAction action, Route route, Map<String, ?> details, Difference difference) {
        audit.record(
                action,
                new AuditSubject(
                        RouteRequests.TYPE.wireName(),
                        route.id().toString(),
                        route.fullName(),
                        Scope.project(route.project()).toString()),
                details,
                difference);
    }

    static Difference statuses(Route before, Route after) {
        return new Difference(Map.of("status", before.status()), Map.of("status", after.status()));
    }
}
