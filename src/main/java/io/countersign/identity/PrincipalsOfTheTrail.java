package io.countersign.identity;

import io.countersign.audit.AuditActors;
import org.springframework.stereotype.Component;

/** Tells the trail who acts. */
@Component
class PrincipalsOfTheTrail implements AuditActors {

    @Override
    public Actor current() {
        Principal principal = Principal.current();
        return new Actor(principal.kind().wireName(), principal.name());
    }
}
